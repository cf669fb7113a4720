-- The line at one moment, who is next first.
--   returns  list of {call_id, priority, language, category, node, arrived, exclude}
local list = {}
for _, call_id in ipairs(call('ZRANGE', key('line'), 0, -1)) do
  local caller = caller_of(call_id)
  caller.call_id = call_id
  list[#list + 1] = caller
end
return reply(list)
