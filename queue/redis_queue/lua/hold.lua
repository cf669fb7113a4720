-- Keep entries with the consumer that has them in hand: those that are still its own count as given to it just now.
--   KEYS[1]  the stream
--   ARGV[1]  consumer group
--   ARGV[2]  the consumer
--   ARGV[3]… ids of entries
--   returns  how many are its own
local held = 0
for index = 3, #ARGV do
  local id = ARGV[index]
  if #redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2]) > 0 then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id, 'JUSTID')
    held = held + 1
  end
end
return held
