-- Callers in line. A caller: {priority, language, category, node, arrived, exclude, number, place}; number may be ''.
-- One that was assigned an operator leaves the line, but its record stays until its script takes the operator.

local INTERVALS, INTERVALS_NEEDED, INTERVALS_KEPT_MS = 20, 3, 1800000 -- of which the median is told

-- Where a caller stands among those of the same priority, in ms on the time of arrival; Unix ms have 13 digits until 2286.
-- Who is put behind is overtaken for so long and no longer: callers who come one after the other would be all before it.
local SHIFT = {front = -1e12, back = times.behind}

local function caller_of(call_id)
  local found = call('HGET', key('callers'), call_id)
  return found and cjson.decode(found) or nil
end

local function stand(call_id, caller)
  if call('EXISTS', key('line')) == 0 then
    call('SET', key('served_at'), now)
  end
  call('ZADD', key('line'), caller.priority * 1e13 + caller.arrived + (SHIFT[caller.place] or 0), call_id)
  call('ZADD', key('line_leases'), now + times.waiting_lease, call_id)
end

-- Into the line; one that stands there already keeps its time of arrival and its place.
local function join(call_id, caller)
  local before = caller_of(call_id)
  caller.arrived = before and before.arrived or caller.arrived
  caller.place = before and before.place or caller.place
  call('HSET', key('callers'), call_id, cjson.encode(caller))
  stand(call_id, caller)
end

-- One of those who wait is served: how long that took since the one before, the line never being empty in between.
local function note_interval()
  local before = tonumber(call('GET', key('served_at')))
  if before then
    call('LPUSH', key('intervals'), now - before)
    call('LTRIM', key('intervals'), 0, INTERVALS - 1)
    call('PEXPIRE', key('intervals'), INTERVALS_KEPT_MS)
  end
  call('SET', key('served_at'), now)
end

-- How long who stands there will wait, in ms, as the last ones did; nil when too little is known.
local function expected_wait(position)
  local known = call('LRANGE', key('intervals'), 0, -1)
  if #known < INTERVALS_NEEDED then
    return nil
  end
  for i, interval in ipairs(known) do
    known[i] = tonumber(interval)
  end
  table.sort(known)
  return known[math.ceil(#known / 2)] * position
end

local function drop(call_id)
  call('ZREM', key('line'), call_id)
  call('ZREM', key('line_leases'), call_id)
  call('HDEL', key('callers'), call_id)
end

-- Give whoever is free to whoever is first; with no watcher nobody is known to be free. The lease is short until the
-- caller's script shows that it lives. here: the call whose own script runs this, which needs no waking.
local function serve(here)
  if call('EXISTS', key('line')) == 0 or not watched() then
    return
  end
  nearest = {} -- whoever moved in this script may be of another tier now
  local extensions = candidates()
  for _, call_id in ipairs(call('ZRANGE', key('line'), 0, -1)) do
    if #extensions == 0 then
      return
    end
    local caller = caller_of(call_id)
    local record = choose(caller, extensions)
    if record then
      record.number = caller.number
      move(record, 'reserved', call_id, call_id == here and 'claimed' or 'assigned', '', now + times.waiting_lease)
      call('ZREM', key('line'), call_id)
      call('ZREM', key('line_leases'), call_id)
      if call_id ~= here then
        note_interval()
        call('PUBLISH', prefix .. 'wake', call_id)
      end
      extensions = candidates()
    end
  end
end

-- Whoever asked during a call to go, and is needed for no other, goes. The end of a call may come before the word that
-- the phone was put down: until that comes the operator could not be given to anybody, which is not to be needed by none.
local function let_go()
  for _, extension in ipairs(call('SMEMBERS', key('staying'))) do
    local record = operator(extension)
    if record.call_id == '' and record.in_use == '' then
      call('SREM', key('staying'), extension)
    end
  end
end

local function assign(here)
  serve(here)
  let_go()
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

-- How a call stands in line; watched: for how long its node's watcher can be trusted from now on, in ms.
local function turn(call_id, caller)
  local position = call('ZRANK', key('line'), call_id) + 1
  local watched_until = tonumber(call('ZSCORE', key('watchers'), caller.node))
  return {position = position, expected = expected_wait(position), watched = watched_until - now}
end

-- What is kept of somebody who is claimed is worth nothing in Redis' file without the claim.
local function write_claim_down(record)
  if record.state == 'reserved' then
    local lease = tonumber(call('ZSCORE', key('leases'), record.extension))
    move(record, 'reserved', record.call_id, '', record.reason, lease + 0.25) -- what stays as it was would not be written
  end
end

-- A call lost the operator that it was promised: back to its place, if its script has not taken the operator yet.
local function stand_again(call_id)
  local caller = caller_of(call_id)
  if caller then
    stand(call_id, caller)
  end
end
