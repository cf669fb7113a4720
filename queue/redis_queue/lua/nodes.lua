-- The nodes whose watchers live.
--   returns  list of names
return reply(call('ZRANGEBYSCORE', key('watchers'), '(' .. now, '+inf'))
