// What a real page gives on `/api/v2/summary.json`, with all that it can hold: the fields and their types as Atlassian's pages
// had them in 2020 to 2026 (GitHub's, Huobi's, Discord's), the values made up.
const PAGE_ID = "kctbh9vrtdwd";

const COMPONENT = {
  id: "8l4ygp009s5s",
  name: "Git Operations",
  status: "degraded_performance",
  created_at: "2017-01-31T20:05:05.370Z",
  updated_at: "2026-10-29T22:51:43.831Z",
  position: 1,
  description: "Performance of git clones, pulls, pushes, and associated operations",
  showcase: false,
  start_date: null,
  group_id: null,
  page_id: PAGE_ID,
  group: false,
  only_show_if_degraded: false,
};

const UPDATE = {
  id: "dwfsk5ttyvtb",
  status: "investigating",
  body: "Market data is delayed",
  incident_id: "rclfxz2g21ly",
  created_at: "2026-02-11T03:15:02.000Z",
  updated_at: "2026-02-11T03:15:02.000Z",
  display_at: "2026-02-11T03:15:02.000Z",
  affected_components: [
    { code: COMPONENT.id, name: COMPONENT.name, old_status: "operational", new_status: "degraded_performance" },
  ],
  deliver_notifications: true,
  custom_tweet: null,
  tweet_id: null,
};

const INCIDENT = {
  id: "rclfxz2g21ly",
  name: "Market data is delayed",
  status: "investigating",
  created_at: "2026-02-11T03:15:01.913Z",
  updated_at: "2026-02-11T03:15:02.003Z",
  monitoring_at: null,
  resolved_at: null,
  impact: "minor",
  shortlink: "https://stspg.io/pkvbwp8jppf9",
  started_at: "2026-02-11T03:15:01.906Z",
  page_id: PAGE_ID,
  incident_updates: [UPDATE],
  components: [COMPONENT],
};

const MAINTENANCE = {
  ...INCIDENT,
  id: "k7g299zl765l",
  name: "Scheduled maintenance",
  status: "scheduled",
  impact: "maintenance",
  incident_updates: [{ ...UPDATE, id: "8whgr3rlbld8", status: "scheduled", incident_id: "k7g299zl765l" }],
  scheduled_for: "2026-02-15T00:00:00.000Z",
  scheduled_until: "2026-02-15T01:00:00.000Z",
};

export const RECORDED = {
  page: {
    id: PAGE_ID,
    name: "GitHub",
    url: "https://www.githubstatus.com",
    time_zone: "Etc/UTC",
    updated_at: "2026-12-03T08:11:21.385Z",
  },
  components: [COMPONENT],
  incidents: [INCIDENT],
  scheduled_maintenances: [MAINTENANCE],
  status: { indicator: "minor", description: "Partially Degraded Service" },
};
