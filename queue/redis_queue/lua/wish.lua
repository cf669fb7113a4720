-- What an operator wants. During a call it is only noted, and done after it; by the last one on duty when nobody waits any
-- more who has nobody else.
--   ARGV[3]  extension
--   ARGV[4]  login | logout | pause | resume
--   ARGV[5]  why, for a pause
--   ARGV[6]  until when it is wanted, in ms: whoever asked has been told by then that it was not done
--   returns  true, false when there is no such operator, or late
if now >= tonumber(ARGV[6]) then
  return reply('late')
end
local record = operator(ARGV[3])
if record == nil then
  return reply(false)
end
local wish = ARGV[4]
if wish == 'login' then
  keep(record, 'duty', '1')
elseif wish == 'logout' then
  keep(record, 'duty', '0')
end
keep(record, 'pause', wish == 'pause' and ARGV[5] or '')
keep(record, 'no_answer', '0')
local goes = (wish == 'pause' or wish == 'logout') and record.call_id ~= ''
call(goes and 'SADD' or 'SREM', key('staying'), record.extension)
resettle(record, wish)
write_claim_down(record)
assign()
return reply(true)
