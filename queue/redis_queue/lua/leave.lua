-- A call no longer wants an operator of the pool: out of the line, and a claim that has not been answered is given back.
--   ARGV[3]  call id
--   returns  nothing
local call_id = ARGV[3]
local record = operator_of(call_id)
drop(call_id)
if record and record.state ~= 'talking' then
  settle(record, 'left_line')
end
assign()
return reply()
