-- The device the last rotation of a session's own refresh line named, null when it named none: a lost answer may be asked for again by the
-- client that rotated, which need not name its device as it did when it signed in (device_id). session_clients has the same in its row.
alter table auth.sessions add column refresh_device_id text;
