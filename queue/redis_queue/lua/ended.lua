-- A call is over, however far it had come.
--   ARGV[3]  call id
--   ARGV[4]  wrap-up in ms, for who talked
--   returns  nothing
local call_id, wrap_up = ARGV[3], tonumber(ARGV[4])
local record = operator_of(call_id)
drop(call_id)
if record then
  local talked = record.state == 'talking'
  if talked then
    hung_up(record)
  end
  if talked and wrap_up > 0 and rest(record) == 'available' then
    move(record, 'wrap_up', '', 'ended', '', now + wrap_up)
  else
    settle(record, 'ended')
  end
end
assign()
return reply()
