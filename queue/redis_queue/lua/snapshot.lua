-- All operators at one moment.
--   returns  list of {extension, name, state, since, call_id, reason, in_use}
local list = {}
for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
  local record = operator(extension)
  list[#list + 1] = {
    extension = extension, name = record.name, state = record.state, since = tonumber(record.since),
    call_id = record.call_id, reason = record.reason, in_use = record.in_use
  }
end
return reply(list)
