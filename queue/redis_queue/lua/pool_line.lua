-- Callers in line, and who gets whom. A caller: {priority, language, category, node, arrived, exclude}.
-- One that was assigned an operator leaves the line, but its record stays until its script takes the operator.

local function caller_of(call_id)
  local found = call('HGET', key('callers'), call_id)
  return found and cjson.decode(found) or nil
end

local function stand(call_id, caller)
  call('ZADD', key('line'), caller.priority * 1e13 + caller.arrived, call_id) -- Unix ms have 13 digits until 2286
  call('ZADD', key('line_leases'), now + times.waiting_lease, call_id)
end

-- Into the line; one that stands there already keeps its time of arrival.
local function join(call_id, caller)
  local before = caller_of(call_id)
  caller.arrived = before and before.arrived or caller.arrived
  call('HSET', key('callers'), call_id, cjson.encode(caller))
  stand(call_id, caller)
end

local function drop(call_id)
  call('ZREM', key('line'), call_id)
  call('ZREM', key('line_leases'), call_id)
  call('HDEL', key('callers'), call_id)
end

-- Whether anybody on duty, other than supervisors and the excluded ones, takes calls now or after the present one.
local function regulars_on_duty(caller)
  for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
    local record = operator(extension)
    if record.supervisor ~= '1' and rest(record) == 'available' and not listed(caller.exclude, extension) then
      return true
    end
  end
  return false
end

-- Whether anybody may take this caller, sooner or later.
local function hope(caller)
  for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
    if rest(operator(extension)) == 'available' and not listed(caller.exclude, extension) then
      return true
    end
  end
  return false
end

-- Smaller is better, position by position: regulars before supervisors, free before wrapping up, skill, language,
-- longest idle, extension.
local function rank(record, caller)
  return {
    record.supervisor == '1' and 1 or 0,
    record.state == 'available' and 0 or 1,
    listed(record.skills, caller.category) and 0 or 1,
    listed(record.languages, caller.language) and 0 or 1,
    tonumber(record.idle_since),
    record.extension
  }
end

local function better(one, other)
  for i = 1, #one do
    if one[i] ~= other[i] then
      return one[i] < other[i]
    end
  end
  return false
end

-- The best operator for a caller, or nil. Supervisors come in when the caller waited long or nobody else is on duty.
local function choose(caller)
  local reserve = now - caller.arrived >= times.overflow or not regulars_on_duty(caller)
  local best, best_rank
  for _, state in ipairs({'available', 'wrap_up'}) do
    for _, extension in ipairs(call('ZRANGE', key('state:' .. state), 0, -1)) do
      local record = operator(extension)
      if not listed(caller.exclude, extension) and (reserve or record.supervisor ~= '1') then
        local its_rank = rank(record, caller)
        if best == nil or better(its_rank, best_rank) then
          best, best_rank = record, its_rank
        end
      end
    end
  end
  return best
end

-- Give whoever is free to whoever is first; with no watcher nobody is known to be free. The lease is short until the
-- caller's script shows that it lives. here: the call whose own script runs this, which needs no waking.
local function assign(here)
  if not watched() then
    return
  end
  for _, call_id in ipairs(call('ZRANGE', key('line'), 0, -1)) do
    if call('ZCARD', key('state:available')) + call('ZCARD', key('state:wrap_up')) == 0 then
      return
    end
    local record = choose(caller_of(call_id))
    if record then
      local cause = call_id == here and 'claimed' or 'assigned'
      move(record, 'reserved', call_id, cause, '', now + times.waiting_lease)
      call('ZREM', key('line'), call_id)
      call('ZREM', key('line_leases'), call_id)
      if call_id ~= here then
        call('PUBLISH', prefix .. 'wake', call_id)
      end
    end
  end
end

-- The operator that a call has, now that its script asks for it; nil = none.
local function taken(call_id)
  local record = operator_of(call_id)
  if record == nil then
    return nil
  end
  drop(call_id)
  if record.state == 'reserved' then
    call('ZADD', key('leases'), now + times.lease, record.extension)
  end
  return {extension = record.extension}
end

local function turn(call_id)
  return {position = call('ZRANK', key('line'), call_id) + 1}
end

-- A call lost the operator that it was promised: back to its place, if its script has not taken the operator yet.
local function stand_again(call_id)
  local caller = caller_of(call_id)
  if caller then
    stand(call_id, caller)
  end
end
