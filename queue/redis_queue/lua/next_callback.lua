-- The number that has waited longest for a call back and that nobody is calling; it is the asker's for a while.
--   KEYS[1]  the list (zset number -> Unix ms since when it waits)
--   KEYS[2]  who is being called (zset number -> Unix ms until when)
--   ARGV[1]  for how long it is taken, in ms
--   returns  the number, or false when there is none
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for _, number in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not redis.call('ZSCORE', KEYS[2], number) then
    redis.call('ZADD', KEYS[2], now + ARGV[1], number)
    return number
  end
end
return false
