-- The best free operator for a call that has just come; who waits already and is as urgent goes first.
--   ARGV[3]  call id
--   ARGV[4]  the caller as JSON
--   returns  {extension} or {refused = busy | nobody | blind}
local call_id, caller = ARGV[3], cjson.decode(ARGV[4])
caller.arrived = now
local stood = caller_of(call_id) ~= nil
local answer = seek(call_id, caller)
if answer == nil then
  if not stood then
    drop(call_id)
  end
  answer = {refused = 'busy'}
end
return reply(answer)
