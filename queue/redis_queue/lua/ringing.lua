-- The phone of a claimed operator rings; said again, it renews the lease.
--   ARGV[3]  extension
--   ARGV[4]  call id
--   returns  nothing
local record, call_id = operator(ARGV[3]), ARGV[4]
if record and record.call_id == call_id and (record.state == 'reserved' or record.state == 'ringing') then
  drop(call_id)
  move(record, 'ringing', call_id, 'ringing', '', now + times.lease)
end
return reply()
