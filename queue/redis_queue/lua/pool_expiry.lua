-- What ends by itself. Without a watcher nobody renews what is talked, so those leases mean nothing then.
local OVER = {reserved = 'lease_over', ringing = 'lease_over', talking = 'lease_over',
              wrap_up = 'wrap_up_over', offline = 'bar_over'}

-- What a node said of phones counts no more.
local function forget(node)
  for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
    local record = operator(extension)
    if listed(record.nodes, node) or listed(record.in_use, node) then
      keep(record, 'nodes', without(record.nodes, node))
      keep(record, 'in_use', without(record.in_use, node))
      if record.nodes == '' then
        resettle(record, 'unreachable')
      else
        picked_up_or_put_down(record)
      end
    end
  end
end

-- A node whose watcher fell silent while another's lives reaches no phone any more. With none alive all is as it was:
-- nothing is given away until one is, and that one may be the same.
local function forget_silent_nodes()
  if not watched() then
    return
  end
  for _, node in ipairs(call('ZRANGEBYSCORE', key('watchers'), '-inf', now)) do
    forget(node)
    call('ZREM', key('watchers'), node)
    events[#events + 1] = {silent = node}
  end
end

-- A node says what its phones are before its first heartbeat. One that died in between never was among the watchers; one
-- that is about to come is told by the heartbeat's answer to say it all again.
local function forget_nodes_never_watched()
  if not watched() then
    return
  end
  for _, extension in ipairs(call('SMEMBERS', key('operators'))) do
    local record = operator(extension)
    for node in string.gmatch(record.nodes .. ',' .. record.in_use, '[^,]+') do
      if not watching(node) then
        forget(node)
      end
    end
  end
end

-- Whether an operator's state has come to its end and was not looked at yet.
local function is_anything_over()
  return call('ZCOUNT', key('leases'), '-inf', now) > 0
end

local function expire()
  forget_silent_nodes()
  local seen = watched()
  for _, extension in ipairs(call('ZRANGEBYSCORE', key('leases'), '-inf', now)) do
    local record = operator(extension)
    if seen or (record.state ~= 'talking' and record.state ~= 'ringing') then
      if record.call_id ~= '' and call('HEXISTS', key('callers'), record.call_id) == 1 then
        drop(record.call_id)
        events[#events + 1] = {gone = record.call_id}
      end
      if record.state == 'talking' then
        hung_up(record)
      end
      settle(record, OVER[record.state] or 'lease_over')
    end
  end
  for _, call_id in ipairs(call('ZRANGEBYSCORE', key('line_leases'), '-inf', now)) do
    drop(call_id)
    events[#events + 1] = {gone = call_id}
  end
end

-- Look for an operator: where the pool cannot be trusted or has nobody, say so; else the operator, or nil = busy.
-- The caller joins the line before anybody is given away, so that a newcomer never overtakes.
local function seek(call_id, caller)
  if not watching(caller.node) then
    drop(call_id)
    return {refused = 'blind'}
  end
  local record = operator_of(call_id)
  if record and record.state ~= 'talking' and listed(caller.exclude, record.extension) then
    settle(record, 'passed_over')
  elseif record then
    return taken(call_id)
  end
  join(call_id, caller)
  expire()
  assign(call_id)
  local found = taken(call_id)
  if found == nil and not nearest_tier(caller) then
    drop(call_id)
    return {refused = 'nobody'}
  end
  return found
end
