-- What a node's Asterisk says of a phone. A phone that comes back ends a bar; saying again what is known changes nothing.
--   ARGV[3]  extension
--   ARGV[4]  node
--   ARGV[5]  1 or 0
--   returns  nothing
local record, node, there = operator(ARGV[3]), ARGV[4], ARGV[5] == '1'
if record and listed(record.nodes, node) ~= there then
  local before = record.nodes
  keep(record, 'nodes', there and with(before, node) or without(before, node))
  if record.nodes == '' then
    resettle(record, 'unreachable')
  elseif before == '' and record.state ~= 'wrap_up' then
    resettle(record, 'reachable')
  end
  assign()
end
return reply()
