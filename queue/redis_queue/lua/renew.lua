-- Calls that Asterisk still has: who talks in them goes on talking.
--   ARGV[3]… call ids
--   returns  nothing
for i = 3, #ARGV do
  local record = operator_of(ARGV[i])
  if record and record.state == 'talking' then
    call('ZADD', key('leases'), now + times.lease, record.extension)
  end
end
return reply()
