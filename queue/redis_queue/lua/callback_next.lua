-- The first number of the call-back list that nobody is calling, and a lease on it.
--   KEYS[1]  the list: numbers by their places
--   KEYS[2]  leases: numbers by the time (Unix, ms) until which each is in somebody's hands
--   ARGV[1]  length of the lease, in ms
--   returns  the number, or false
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for _, number in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if not redis.call('ZSCORE', KEYS[2], number) then
    redis.call('ZADD', KEYS[2], now + ARGV[1], number)
    return number
  end
end
return false
