-- Operators: one record each, changed by move() alone, which keeps the indexes and tells what happened.
local records = {}

local function operator(extension)
  if records[extension] == nil then
    local flat = call('HGETALL', key('operator:' .. extension))
    if #flat == 0 then
      return nil
    end
    local record = {extension = extension, nodes = '', in_use = '', number = ''}
    for i = 1, #flat, 2 do
      record[flat[i]] = flat[i + 1]
    end
    records[extension] = record
  end
  return records[extension]
end

local function keep(record, ...)
  local said = {...}
  for i = 1, #said, 2 do
    record[said[i]] = said[i + 1]
  end
  call('HSET', key('operator:' .. record.extension), ...)
end

-- Whether an operator takes calls, and why not, whatever the phone is doing now. A wish that was never said follows
-- auto_login. nodes: those whose Asterisk reaches the phone.
local function serves(record)
  local duty = record.duty
  if duty == '' then
    duty = record.auto_login
  end
  if record.leaving == '1' then
    return 'offline', 'left'
  elseif duty ~= '1' then
    return 'offline', 'off_duty'
  elseif record.nodes == '' then
    return 'offline', 'unreachable'
  elseif record.pause ~= '' then
    return 'paused', record.pause
  end
  return 'available', ''
end

-- Where an operator without a call belongs, and why. in_use: the nodes on which the phone has any call at all.
local function rest(record)
  local state, reason = serves(record)
  if state == 'available' and record.in_use ~= '' then
    return 'in_use', ''
  end
  return state, reason
end

-- Into a state, with or without a call; until: when it ends by itself, nil = it does not. All of the record is said each
-- time, since Redis' file may not know of a claim before.
local function move(record, state, call_id, cause, reason, until_ms)
  local extension, before = record.extension, record.state
  local changed = state ~= before or call_id ~= record.call_id
  if record.call_id ~= '' and record.call_id ~= call_id then
    call('HDEL', key('calls'), record.call_id)
  end
  if call_id ~= '' then
    call('HSET', key('calls'), call_id, extension)
  end
  if changed then
    events[#events + 1] = {
      extension = extension, before = before, after = state, cause = cause, reason = reason,
      call_id = call_id ~= '' and call_id or record.call_id
    }
    record.since = now
  end
  if state == 'available' and (before == 'offline' or before == 'paused') then
    keep(record, 'idle_since', now)
  end
  keep(record, 'since', record.since, 'number', record.number, 'state', state, 'call_id', call_id, 'reason', reason)
  call('ZREM', key('state:' .. before), extension)
  if before == 'reserved' then -- a removal is written to the file only where there is something to remove
    call('ZADD', key('state:available'), now, extension)
    call('ZREM', key('state:available'), extension)
  end
  call('ZADD', key('state:' .. state), state == 'available' and record.idle_since or record.since, extension)
  if until_ms then
    call('ZADD', key('leases'), until_ms, extension)
  else
    call('ZREM', key('leases'), extension)
  end
end

local function remove(record)
  local extension = record.extension
  call('DEL', key('operator:' .. extension))
  call('SREM', key('operators'), extension)
  call('SREM', key('staying'), extension)
  call('ZREM', key('state:offline'), extension)
  records[extension] = nil
end

-- Out of whatever it was, to where it belongs; one that left the roster goes for good.
local function settle(record, cause)
  local state, reason = rest(record)
  move(record, state, '', cause, reason, nil)
  if record.leaving == '1' then
    remove(record)
  end
end

-- After a change of wish or reachability: at once without a call, else when the call is over.
local function resettle(record, cause)
  if record.call_id == '' then
    settle(record, cause)
  end
end

-- The same, but a wrap-up or a bar that still fits runs on.
local function resettle_gently(record, cause)
  local runs = call('ZSCORE', key('leases'), record.extension)
  if not (runs and serves(record) == 'available') then
    resettle(record, cause)
  end
end

-- After a change of what the phone is doing: who could be claimed can be no more, and the other way round.
local function picked_up_or_put_down(record)
  if record.state == 'available' and record.in_use ~= '' then
    settle(record, 'in_use')
  elseif record.state == 'in_use' and record.in_use == '' then
    settle(record, 'not_in_use')
  end
end

-- The idle time counts from the end of the last call, so that a claim which came to nothing costs nobody their turn.
local function back_of_the_line(record)
  keep(record, 'idle_since', now)
end

-- After a talk: whoever it was with gets the same operator again, for a time. number: '' when it is not known.
local function hung_up(record)
  back_of_the_line(record)
  if record.number ~= '' and times.same_operator > 0 then
    call('SET', key('talked:' .. record.number), record.extension, 'PX', times.same_operator)
  end
end

local function operator_of(call_id)
  local extension = call('HGET', key('calls'), call_id)
  return extension and operator(extension) or nil
end
