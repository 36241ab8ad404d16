/** As many matters as are moved with one form; the server takes no more. */
export const BULK_MAX = 50
