-- A caller who was put behind the others of the same priority showed signs of life: before them all.
--   ARGV[3]  call id
--   returns  true, or false when the call does not stand behind
local caller = caller_of(ARGV[3])
if caller == nil or caller.place ~= 'back' then
  return reply(false)
end
caller.place = 'front'
call('HSET', key('callers'), ARGV[3], cjson.encode(caller))
if call('ZSCORE', key('line'), ARGV[3]) then
  stand(ARGV[3], caller)
  assign()
end
return reply(true)
