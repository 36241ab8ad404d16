-- A phone names its moves before it has a network: sent again after days, when the idempotency row is gone, it is still one move.
alter table matter_step add column move_id uuid;
comment on column matter_step.move_id is 'The id by which the sender named this move or remark, or null; a repeat by the same person is answered and not done again.';
