-- What was seen of calls and phones, in order; then whoever became free is given to whoever waits, once for all of it.
--   ARGV[3]  JSON list of {what, …}; what each holds stands at its function
--   returns  nothing
local saw = {}

-- After a talk, before the next one.
local function write_up(record, cause, wrap_up)
  if wrap_up > 0 and serves(record) == 'available' then
    move(record, 'wrap_up', '', cause, '', now + wrap_up)
  else
    settle(record, cause)
  end
end

-- What a node's Asterisk says of a phone: whether it is there, whether it has any call. One that comes back ends a bar;
-- saying again what is known changes nothing.
function saw.phone(extension, node, there, in_use)
  local record = operator(extension)
  if record == nil then
    return
  end
  local nodes, using = record.nodes, record.in_use
  if listed(using, node) ~= in_use then
    keep(record, 'in_use', in_use and with(using, node) or without(using, node))
  end
  if listed(nodes, node) ~= there then
    keep(record, 'nodes', there and with(nodes, node) or without(nodes, node))
  end
  if nodes ~= '' and record.nodes == '' then
    resettle(record, 'unreachable')
  elseif nodes == '' and record.nodes ~= '' and record.state ~= 'wrap_up' then
    resettle(record, 'reachable')
  else
    picked_up_or_put_down(record)
  end
  write_claim_down(record)
end

-- The phone of a claimed operator rings; said again, it renews the lease.
function saw.ringing(extension, call_id)
  local record = operator(extension)
  if record and record.call_id == call_id and (record.state == 'reserved' or record.state == 'ringing') then
    drop(call_id)
    move(record, 'ringing', call_id, 'ringing', '', now + times.lease)
  end
end

-- An operator talks with a caller, whoever brought them together: what Asterisk saw outweighs every claim. Who was paused
-- for not answering has answered now. number: the caller's, where no claim told it. wrap_up: in ms, for who had the
-- caller before.
function saw.answered(extension, call_id, number, wrap_up)
  local record = operator(extension)
  if record == nil then
    return
  end
  local other = operator_of(call_id)
  local known = other and other.number or ''
  if other and other.extension ~= record.extension then
    if other.state == 'talking' then
      back_of_the_line(other)
      write_up(other, 'taken_over', wrap_up)
    else
      settle(other, 'taken_over')
    end
  end
  local lost = record.call_id
  known = known == '' and number or known
  drop(call_id)
  record.number = known
  keep(record, 'no_answer', '0')
  if record.pause == 'no_answer' then
    keep(record, 'pause', '')
  end
  move(record, 'talking', call_id, 'answered', '', now + times.lease)
  if lost ~= '' and lost ~= call_id then
    stand_again(lost)
  end
end

-- The operator's phone is in a call that is no caller's own. Who talks with a caller and dials on a second line stays
-- with the caller.
function saw.occupied(extension, call_id)
  local record = operator(extension)
  if record and record.state ~= 'talking' then
    saw.answered(extension, call_id, '', 0)
  end
end

-- A call is over, however far it had come. wrap_up: in ms, for who talked.
function saw.ended(call_id, wrap_up)
  local record = operator_of(call_id)
  drop(call_id)
  if record == nil then
    return
  end
  if record.state == 'talking' then
    hung_up(record)
    write_up(record, 'ended', wrap_up)
  else
    settle(record, 'ended')
  end
end

-- A call no longer wants an operator of the pool: out of the line, and a claim that has not been answered is given back.
function saw.left(call_id)
  local record = operator_of(call_id)
  drop(call_id)
  if record and record.state ~= 'talking' then
    settle(record, 'left_line')
  end
end

-- A call that Asterisk still has: who talks in it goes on talking.
function saw.up(call_id)
  local record = operator_of(call_id)
  if record and record.state == 'talking' then
    call('ZADD', key('leases'), now + times.lease, record.extension)
  end
end

-- A caller who was put behind the others of the same priority showed signs of life: before them all.
function saw.alive(call_id)
  local caller = caller_of(call_id)
  if caller == nil or caller.place ~= 'back' then
    return
  end
  caller.place = 'front'
  call('HSET', key('callers'), call_id, cjson.encode(caller))
  if call('ZSCORE', key('line'), call_id) then
    stand(call_id, caller)
  end
end

for _, one in ipairs(cjson.decode(ARGV[3])) do
  saw[one[1]](unpack(one, 2))
end
assign()
return reply()
