/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-alert-rules: what is said of a row of verdicts. A row of the table is a string of them, a
 * minute apart, and a string of what is to be said of each:
 *
 *   verdicts: U up, P pending, W warning, C critical, D down, R recovering from what was, ? nothing
 *   yet; n no data, o offline, s asleep, p paused, m maintenance: nothing is known, and what was
 *   believed stays; A is no verdict, but somebody who acknowledges, and X takes back what was said
 *   said: S started, + worsened, * repeated, E ended, . nothing
 */

#include "config.h"

#include "bobbin-alert-rules.h"

#include <string.h>

#define MINUTE (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define START  (30000000 * MINUTE)

typedef struct
{
  const char *verdicts;
  const char *said;
  guint repeat; /* minutes */
} Row;

static const Row rows[] = {
  { "UUUU", "....", 0 },
  { "?UUU", "....", 1 },
  { "UPUPU", ".....", 1 },
  { "UDU", ".SE", 0 },
  { "UWU", ".SE", 0 },
  { "UCU", ".SE", 0 },
  { "DDD", "S..", 0 },
  { "?PPD", "...S", 0 },
  /* reminders */
  { "DDDD", "S***", 1 },
  { "DDDDDDD", "S..*..*", 3 },
  { "DDRRD", "S*..*", 1 },
  { "DDRRU", "S*..E", 1 },
  { "DDDDDD", "S.....", 0 },
  { "DDAD", "S*..", 1 },
  { "DADDUD", "S...ES", 1 },
  { "DADDUDD", "S...ES*", 1 },
  { "UAD", "..S", 1 },
  { "UADD", "..S*", 1 },
  /* worse is said once */
  { "WC", "S+", 0 },
  { "WD", "S+", 0 },
  { "WCD", "S++", 0 },
  { "WCWC", "S+..", 0 },
  { "CWCWC", "S....", 0 },
  { "DWD", "S..", 0 },
  { "WWCC", "S*+*", 1 },
  { "WCUWC", "S+ES+", 0 },
  { "WACC", "S.+*", 1 },
  { "WACAC", "S.+..", 1 },
  { "CWWU", "S..E", 0 },
  /* taken back */
  { "DXDD", "S.*.", 0 },
  { "DXmmD", "S...*", 0 },
  { "DXRDD", "S..*.", 0 },
  { "WXCC", "S.+.", 0 },
  { "DXU", "S.E", 0 },
  { "DXUD", "S.ES", 0 },
  { "DXUDD", "S.ES.", 0 },
  { "DAXDD", "S....", 0 },
  { "WAXCC", "S..+.", 0 },
  { "DXXD", "S..*", 0 },
  { "XDD", ".S.", 0 },
  /* nothing is known */
  { "oooo", "....", 1 },
  { "UoU", "...", 0 },
  { "UssU", "....", 0 },
  { "DoD", "S..", 0 },
  { "DssD", "S...", 0 },
  { "DppD", "S...", 0 },
  { "DmmD", "S...", 0 },
  { "DnnD", "S...", 0 },
  { "DoU", "S.E", 0 },
  { "DmU", "S.E", 0 },
  { "Dn", "S.", 0 },
  { "DoooD", "S...*", 1 },
  { "DmmmD", "S...*", 2 },
  { "DpApD", "S....", 1 },
  { "UmD", "..S", 0 },
  { "UmmU", "....", 0 },
  { "WmC", "S.+", 0 },
  { "WoCoC", "S.+..", 0 },
  { "?nn", "...", 1 },
};

static BobbinUnknownReason
reason_of (char letter)
{
  static const char letters[] = "nospm"; /* from BOBBIN_UNKNOWN_NO_DATA on */
  const char *found = strchr (letters, letter);

  return found != NULL ? BOBBIN_UNKNOWN_NO_DATA + (found - letters) : BOBBIN_UNKNOWN_NONE;
}

static BobbinHealth
health_of (char letter)
{
  static const char letters[] = "?UPWCDR";
  const char *found = strchr (letters, letter);

  return found != NULL ? (BobbinHealth) (found - letters) : BOBBIN_HEALTH_UNKNOWN;
}

static char
letter_of (BobbinAlertEvent event)
{
  return ".S+*E"[event];
}

/* Up is believed while bad samples are pending, and what was bad is while good ones are. */
static BobbinVerdict
next_verdict (const BobbinVerdict *before, char letter)
{
  BobbinVerdict verdict = *before;

  verdict.time += MINUTE;
  verdict.before = before->health;
  verdict.health = health_of (letter);
  verdict.reason = reason_of (letter);
  if (strchr ("UWCD", letter) != NULL)
    verdict.believed = verdict.health;

  return verdict;
}

static char *
run (const Row *row, const BobbinAlertRules *rules, BobbinAlertState *state)
{
  BobbinVerdict verdict = { .time = START };
  GString *said = g_string_new (NULL);

  for (const char *at = row->verdicts; *at != '\0'; at++)
    if (*at == 'A')
      {
        bobbin_alert_state_acknowledge (state);
        g_string_append_c (said, '.');
      }
    else if (*at == 'X')
      {
        state->withdrawn = state->is_open;
        g_string_append_c (said, '.');
      }
    else
      {
        verdict = next_verdict (&verdict, *at);
        g_string_append_c (said, letter_of (bobbin_alert_state_feed (state, rules, &verdict)));
      }

  return g_string_free (said, FALSE);
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const BobbinAlertRules rules = { .repeat = rows[i].repeat * MINUTE };
      BobbinAlertState state = { 0 };
      g_autofree char *said = run (&rows[i], &rules, &state);

      g_test_message ("%s every %u min", rows[i].verdicts, rows[i].repeat);
      g_assert_cmpstr (said, ==, rows[i].said);
    }
}

/* It began with the first bad sample, not when there were enough of them. */
static void
test_since (void)
{
  static const struct
  {
    const char *verdicts;
    guint minute;
  } table[] = {
    { "UPPD", 2 }, { "UPUPD", 4 }, { "UPoPD", 4 }, { "UPnPD", 2 }, { "D", 1 }, { "UPPDDDD", 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const BobbinAlertRules rules = { 0 };
      const Row row = { .verdicts = table[i].verdicts };
      BobbinAlertState state = { 0 };
      g_autofree char *said = run (&row, &rules, &state);

      g_assert_true (state.is_open);
      g_assert_cmpint (state.since, ==, START + table[i].minute * MINUTE);
    }
}

/* A window, in which verdicts come as if there were none: the first came before it was set. */
static void
test_window (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  const BobbinAlertWindow window = { .begin = START + 3 * MINUTE, .end = START + 6 * MINUTE };
  const BobbinAlertRules rules = { .repeat = MINUTE,
                                   .windows = &window,
                                   .n_windows = 1,
                                   .zone = zone };
  /* minute            12345678 */
  static const Row table[] = {
    { "UUDDDUUU", "........", 1 }, { "UUDDDDUU", ".....SE.", 1 }, { "DDDDDDDD", "S*...***", 1 },
    { "DDUUUUUU", "S*...E..", 1 }, { "WWCCCWWW", "S*...***", 1 }, { "WWCCCCWW", "S*...+**", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      BobbinAlertState state = { 0 };
      g_autofree char *said = run (&table[i], &rules, &state);

      g_test_message ("%s", table[i].verdicts);
      g_assert_cmpstr (said, ==, table[i].said);
    }

  g_assert_cmpint (bobbin_alert_rules_next_window (&rules, START), ==, window.begin);
  g_assert_cmpint (bobbin_alert_rules_next_window (&rules, window.begin), ==, window.end);
  g_assert_cmpint (bobbin_alert_rules_next_window (&rules, window.end), ==, 0);
}

/* When the clock is put back there is no reminder for a year, but there is one later. */
static void
test_clock_put_back (void)
{
  const BobbinAlertRules rules = { .repeat = 2 * MINUTE };
  BobbinAlertState state = { 0 };
  BobbinVerdict verdict = { .time = START,
                            .health = BOBBIN_HEALTH_DOWN,
                            .believed = BOBBIN_HEALTH_DOWN };

  g_assert_cmpint (bobbin_alert_state_feed (&state, &rules, &verdict), ==, BOBBIN_ALERT_STARTED);
  verdict.time -= 1000 * MINUTE;
  g_assert_cmpint (bobbin_alert_state_feed (&state, &rules, &verdict), ==, BOBBIN_ALERT_NOTHING);
  verdict.time += 2 * MINUTE;
  g_assert_cmpint (bobbin_alert_state_feed (&state, &rules, &verdict), ==, BOBBIN_ALERT_REPEATED);
  g_assert_cmpint (state.since, <=, verdict.time);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/alert/rules/table", test_table);
  g_test_add_func ("/alert/rules/since", test_since);
  g_test_add_func ("/alert/rules/window", test_window);
  g_test_add_func ("/alert/rules/clock-put-back", test_clock_put_back);

  return g_test_run ();
}
