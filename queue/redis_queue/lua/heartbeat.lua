-- A watcher lives. After a time without any, what is talked and who waits gets a whole lease to be seen again.
--   ARGV[3]  node
--   ARGV[4]  how long this holds, in ms
--   returns  true, or false when this node was forgotten meanwhile, and has to say again which phones it reaches
if not watched() then
  for _, state in ipairs({'ringing', 'talking'}) do
    for _, extension in ipairs(call('ZRANGE', key('state:' .. state), 0, -1)) do
      call('ZADD', key('leases'), now + times.lease, extension)
    end
  end
  for _, call_id in ipairs(call('ZRANGE', key('line'), 0, -1)) do
    call('ZADD', key('line_leases'), now + times.waiting_lease, call_id)
  end
end
local known = call('ZSCORE', key('watchers'), ARGV[3]) ~= false
call('ZADD', key('watchers'), now + tonumber(ARGV[4]), ARGV[3])
forget_silent_nodes()
assign()
return reply(known)
