-- Move an entry from its stream to the dead letters, once: who comes second finds it gone and changes nothing.
--   KEYS[1]  the stream
--   KEYS[2]  the dead-letter stream
--   KEYS[3]  how often each entry was tried
--   ARGV[1]  consumer group
--   ARGV[2]  id of the entry
--   ARGV[3]… fields of the dead letter, name and value in turn
--   returns  id of the dead letter, or false
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
redis.call('HDEL', KEYS[3], ARGV[2])
if redis.call('XDEL', KEYS[1], ARGV[2]) == 0 then
  return false
end
return redis.call('XADD', KEYS[2], '*', unpack(ARGV, 3))
