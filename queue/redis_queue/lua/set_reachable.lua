-- What Asterisk says of a phone. A phone that comes back ends a bar; saying again what is known changes nothing.
--   ARGV[3]  extension
--   ARGV[4]  1 or 0
--   returns  nothing
local record = operator(ARGV[3])
if record and record.reachable ~= ARGV[4] then
  keep(record, 'reachable', ARGV[4])
  if ARGV[4] == '0' or record.state ~= 'wrap_up' then
    resettle(record, ARGV[4] == '1' and 'reachable' or 'unreachable')
  end
  assign()
end
return reply()
