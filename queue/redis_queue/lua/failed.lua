-- A claim that did not become a call: given back; who does not answer time after time is paused, a phone that could
-- not be rung, or answered and was gone (chanunavail of a call that is held), is left alone for a while.
--   ARGV[3]  extension
--   ARGV[4]  call id
--   ARGV[5]  no_answer | busy | chanunavail | congestion
--   returns  nothing
local record, call_id, cause = operator(ARGV[3]), ARGV[4], ARGV[5]
local claimed = record and (record.state == 'reserved' or record.state == 'ringing')
local dropped = record and record.state == 'talking' and cause == 'chanunavail'
if record and record.call_id == call_id and (claimed or dropped) then
  drop(call_id)
  call('SREM', key('staying'), record.extension) -- who has asked to go and does not answer is gone
  if cause == 'no_answer' then
    keep(record, 'no_answer', record.no_answer + 1)
    back_of_the_line(record)
    if record.no_answer >= times.no_answer_limit and record.pause == '' then
      keep(record, 'pause', 'no_answer')
    end
    settle(record, cause)
  elseif rest(record) == 'available' then
    move(record, 'offline', '', cause, cause, now + times.bar)
  else
    settle(record, cause)
  end
  assign()
end
return reply()
