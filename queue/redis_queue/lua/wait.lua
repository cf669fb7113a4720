-- Put a call into the line, unless an operator is free by now or there is nobody to wait for.
--   ARGV[3]  call id
--   ARGV[4]  the caller as JSON; arrived = '' means now
--   returns  {extension}, {position, expected, watched} or {refused = nobody | blind}
local call_id, caller = ARGV[3], cjson.decode(ARGV[4])
caller.arrived = tonumber(caller.arrived) or now
return reply(seek(call_id, caller) or turn(call_id, caller))
