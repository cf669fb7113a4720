-- An operator talks with a caller, whoever brought them together: what Asterisk saw outweighs every claim. Who was paused
-- for not answering has answered now.
--   ARGV[3]  extension
--   ARGV[4]  call id
--   returns  nothing
local record, call_id = operator(ARGV[3]), ARGV[4]
if record then
  local other = operator_of(call_id)
  if other and other.extension ~= record.extension then
    if other.state == 'talking' then
      back_of_the_line(other)
    end
    settle(other, 'taken_over')
  end
  local lost = record.call_id
  local known = lost == call_id and record.number or other and other.number or ''
  drop(call_id)
  keep(record, 'number', known)
  keep(record, 'no_answer', '0')
  if record.pause == 'no_answer' then
    keep(record, 'pause', '')
  end
  move(record, 'talking', call_id, 'answered', '', now + times.lease)
  if lost ~= '' and lost ~= call_id then
    stand_again(lost)
  end
  assign()
end
return reply()
