-- Put a dead letter back at the end of its stream, once, however many ask at the same time.
--   KEYS[1]  the dead-letter stream
--   KEYS[2]  the stream that it came from
--   ARGV[1]  id of the dead letter
--   returns  its new id, or false when there is no such letter
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then
  return false
end
local fields = {}
for i = 1, #found[1][2], 2 do
  local name, value = found[1][2][i], found[1][2][i + 1]
  if string.sub(name, 1, 1) ~= '_' then -- what begins so was added when it died
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end
redis.call('XDEL', KEYS[1], ARGV[1])
return redis.call('XADD', KEYS[2], '*', unpack(fields))
