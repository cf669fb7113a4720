-- A waiting script lives: renew its place and tell how it stands.
--   ARGV[3]  call id
--   returns  {extension}, {position, expected, watched} or {refused = nobody | blind | lapsed}
local call_id = ARGV[3]
local caller = caller_of(call_id)
if operator_of(call_id) then
  return reply(taken(call_id))
elseif caller == nil then
  return reply({refused = 'lapsed'})
end
return reply(seek(call_id, caller) or turn(call_id, caller))
