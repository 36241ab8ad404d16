// Runs before anything is drawn: what this reader chose before decides how the page's frame looks from its first picture on.
;(function () {
  const html = document.documentElement
  const asked = /[?&]lang=(en|zh-CN)\b/.exec(location.search)
  const kept = function (name) {
    try {
      return localStorage.getItem('tongxin.' + name)
    } catch {
      return null
    }
  }
  if ((asked ? asked[1] : kept('language')) === 'en') html.lang = 'en'
  if (kept('elder') === '1') html.setAttribute('data-elder', '')
  if (kept('elder') !== null) html.setAttribute('data-type-chosen', '')
})()
