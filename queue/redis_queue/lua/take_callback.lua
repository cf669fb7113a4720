-- A number of the list that nobody is calling; it is the asker's for a while.
--   KEYS[1]  the list (zset number -> Unix ms since when it waits)
--   KEYS[2]  who is being called (zset number -> Unix ms until when)
--   ARGV[1]  the number
--   ARGV[2]  for how long it is taken, in ms
--   returns  1, or 0 when it waits no more or somebody is calling it
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 0
end
return redis.call('ZADD', KEYS[2], 'NX', now + ARGV[2], ARGV[1])
