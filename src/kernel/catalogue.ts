import type pg from 'pg'

export interface ColumnFacts {
  readonly name: string
  /** As the server writes it: `timestamp with time zone`, `text[]`. */
  readonly type: string
  readonly collation: string | null
  readonly notNull: boolean
  /** Expression of the default, or of a generated column. */
  readonly expression: string | null
  readonly generated: boolean
  /** Identity or serial: counts by itself. */
  readonly counts: boolean
  readonly comment: string | null
}

export interface ConstraintFacts {
  readonly name: string
  /** p primary key, u unique, f foreign key, c check, x exclusion. */
  readonly kind: string
  readonly text: string
  readonly columns: readonly string[]
  readonly foreignTable: string | null
  readonly foreignColumns: readonly string[]
  readonly deferrable: boolean
}

export interface IndexFacts {
  readonly name: string
  readonly text: string
  readonly unique: boolean
  /** Expressions are empty texts. */
  readonly columns: readonly string[]
  /** Whether it only serves a constraint of the same name. */
  readonly ofConstraint: boolean
}

export interface TableFacts {
  readonly name: string
  readonly comment: string | null
  readonly columns: readonly ColumnFacts[]
  readonly constraints: readonly ConstraintFacts[]
  readonly indexes: readonly IndexFacts[]
  readonly policies: readonly {
    name: string
    command: string
    permissive: boolean
    roles: string[]
    using: string | null
    check: string | null
  }[]
  readonly triggers: readonly string[]
  /** `SELECT`, or `UPDATE (busy_until)` for a single column; sorted. */
  readonly grants: readonly { to: string; right: string }[]
  readonly rowSecurity: boolean
  readonly rowSecurityForced: boolean
  readonly options: readonly string[]
}

export interface Catalogue {
  readonly extensions: readonly string[]
  readonly functions: readonly { signature: string; text: string; comment: string | null }[]
  readonly tables: readonly TableFacts[]
  readonly views: readonly { name: string; text: string }[]
}

const TABLES = `
  select c.oid, c.relname as name, obj_description(c.oid, 'pg_class') as comment, c.relrowsecurity as "rowSecurity",
    c.relforcerowsecurity as "rowSecurityForced", coalesce(c.reloptions, '{}') as options,
    (select coalesce(json_agg(json_build_object('to', case when g.grantee = 0 then 'PUBLIC' else pg_get_userbyid(g.grantee) end,
        'right', g.privilege_type) order by pg_get_userbyid(g.grantee), g.privilege_type), '[]')
      from aclexplode(c.relacl) g where g.grantee <> c.relowner) as "tableGrants",
    (select coalesce(json_agg(json_build_object('to', case when g.grantee = 0 then 'PUBLIC' else pg_get_userbyid(g.grantee) end,
        'right', g.privilege_type || ' (' || a.attname || ')') order by pg_get_userbyid(g.grantee), g.privilege_type, a.attname), '[]')
      from pg_attribute a, aclexplode(a.attacl) g
      where a.attrelid = c.oid and g.grantee <> c.relowner and not a.attisdropped) as "columnGrants",
    (select coalesce(json_agg(pg_get_triggerdef(t.oid) order by t.tgname), '[]')
      from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
    (select coalesce(json_agg(json_build_object('name', p.polname, 'command', p.polcmd, 'permissive', p.polpermissive,
        'roles', (select json_agg(case when r = 0 then 'PUBLIC' else pg_get_userbyid(r) end) from unnest(p.polroles) r),
        'using', pg_get_expr(p.polqual, c.oid), 'check', pg_get_expr(p.polwithcheck, c.oid)) order by p.polname), '[]')
      from pg_policy p where p.polrelid = c.oid) as policies
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p')
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by c.relname collate "C"`

const COLUMNS = `
  select a.attrelid as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
    case when a.attcollation <> t.typcollation then co.collname end as collation,
    pg_get_expr(d.adbin, d.adrelid) as expression, a.attgenerated <> '' as generated,
    a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval(%' as counts,
    col_description(a.attrelid, a.attnum) as comment
  from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_collation co on co.oid = a.attcollation
  where a.attrelid = any($1) and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`

/** Names of the columns at the positions of a key, in key order; an expression is an empty text. */
const names = (relation: string, positions: string): string => `
  (select coalesce(json_agg(coalesce(a.attname, '') order by k.place), '[]')
    from unnest(${positions}) with ordinality k (number, place)
      left join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number and k.number > 0)`

const CONSTRAINTS = `
  select c.conrelid as oid, c.conname as name, c.contype::text as kind, pg_get_constraintdef(c.oid) as text,
    ${names('c.conrelid', 'c.conkey')} as columns, ${names('c.confrelid', 'c.confkey')} as "foreignColumns",
    case when c.confrelid <> 0 then c.confrelid::regclass::text end as "foreignTable", c.condeferrable as deferrable
  from pg_constraint c
  where c.conrelid = any($1) and c.contype in ('p', 'u', 'f', 'c', 'x')
  order by c.conrelid, position(c.contype::text in 'puxfc'), c.conname collate "C"`

const INDEXES = `
  select i.indrelid as oid, c.relname as name, pg_get_indexdef(i.indexrelid) as text, i.indisunique as unique,
    ${names('i.indrelid', 'i.indkey')} as columns,
    exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as "ofConstraint"
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = any($1) order by i.indrelid, c.relname collate "C"`

const FUNCTIONS = `
  select p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as text, obj_description(p.oid, 'pg_proc') as comment
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'public' and p.prokind in ('f', 'p')
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  order by p.oid::regprocedure::text collate "C"`

const VIEWS = `
  select c.relname as name, pg_get_viewdef(c.oid) as text from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('v', 'm') order by c.relname collate "C"`

interface WithOid {
  oid: number
}
type TableRow = Omit<TableFacts, 'columns' | 'constraints' | 'indexes' | 'grants'> &
  WithOid & { tableGrants: { to: string; right: string }[]; columnGrants: { to: string; right: string }[] }

/** Reads what the live database really holds in schema public; what extensions brought is left out. */
export async function readCatalogue(client: pg.ClientBase): Promise<Catalogue> {
  await client.query('set search_path to public, pg_catalog; set quote_all_identifiers to off')
  const { rows: tables } = await client.query<TableRow>(TABLES)
  const oids = tables.map(({ oid }) => oid)
  const grouped = async <Row>(text: string): Promise<(oid: number) => Row[]> => {
    const { rows } = await client.query<Row & WithOid>(text, [oids])
    return (oid) => rows.filter((row) => row.oid === oid)
  }
  const columns = await grouped<ColumnFacts>(COLUMNS)
  const constraints = await grouped<ConstraintFacts>(CONSTRAINTS)
  const indexes = await grouped<IndexFacts>(INDEXES)
  const extensions = await client.query<{ extname: string }>(
    "select extname from pg_extension where extname <> 'plpgsql' order by extname",
  )
  const functions = await client.query<Catalogue['functions'][number]>(FUNCTIONS)
  const views = await client.query<Catalogue['views'][number]>(VIEWS)
  return {
    extensions: extensions.rows.map(({ extname }) => extname),
    functions: functions.rows,
    tables: tables.map(({ oid, tableGrants, columnGrants, ...table }) => ({
      ...table,
      columns: columns(oid),
      constraints: constraints(oid),
      indexes: indexes(oid),
      grants: [...tableGrants, ...columnGrants],
    })),
    views: views.rows,
  }
}
