-- On a cluster the claims lie by the phone's hash, not by county; on one server there is nothing to do.
do $$
begin
  if exists (select from pg_extension where extname = 'citus') then
    perform create_distributed_table('phone_claim', 'phone_hash');
  end if;
end $$;
