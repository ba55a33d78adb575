/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the pictures of the README and of the metainfo: the real app, its jobs on a server of this
 * process, each view in light and dark, wide and narrow. What is drawn is what the app draws, in
 * its own window; tests/demo/pictures runs it. With --look it takes those that somebody looks at
 * who wants to know whether all of the app can be read: more views, with long names, and three
 * widths.
 */
#include "config.h"

#include "bobbin-details-pane.h"
#include "bobbin-download-details.h"
#include "bobbin-download.h"
#include "bobbin-monitor-details.h"
#include "bobbin-monitor.h"
#include "ui-fixture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MIB (1024 * 1024)

/* Wide, narrow and between: px. */
#define WIDE        1100
#define TALL        720
#define NARROW      360
#define NARROW_TALL 680

/* The same to be looked at: with what is to be scrolled to. */
#define LOOK_TALL 1400

static const int look_widths[] = { 360, 700, 1200 };

/* So many samples make a line that is worth to be looked at. */
#define N_SAMPLES 25

/* Until whatever follows from a change has come. */
#define N_FRAMES 3

static const char *pictures;

/* As the options say. */
static gboolean is_rtl;
static gboolean is_large;
static gboolean is_contrast;
static gboolean is_look;

/* ---- what is downloaded */

typedef struct
{
  const char *path;
  BobbinTestFile file;
} Offer;

static const Offer offers[] = {
  { "/harbour-photos.tar", { .seed = 1, .length = 18 * MIB } },
  { "/field-recordings.zip", { .seed = 2, .length = 7 * MIB } },
  { "/meadow-atlas.pdf", { .seed = 3, .length = 3 * MIB } },
  { "/river-survey.iso", { .seed = 4, .length = 900 * MIB, .rate = 3 * MIB / 2 } },
  { "/lecture-12.webm", { .seed = 5, .length = 260 * MIB, .rate = MIB } },
  { "/night-sky.tiff", { .seed = 6, .length = 96 * MIB, .rate = MIB } },
  { "/old-maps.7z", { .status = 404 } },
};

#define LONG_PATH \
  "/a-survey-of-the-rivers-of-the-north-and-of-what-lives-in-them-2019-to-2026.tar.zst"

typedef struct
{
  UiFixture *ui;
  BobbinJob *survey;   /* it runs */
  BobbinJob *old_maps; /* it has failed */
  BobbinJob *processor;

  /* only to be looked at */
  BobbinJob *long_named;
  BobbinJob *page;
} Scene;

static BobbinJob *
add (UiFixture *ui, const char *path, BobbinJobState state)
{
  BobbinJob *job = ui_add (ui, path);

  ui_wait (ui_has_state (job, state));

  return job;
}

static void
bring_downloads (Scene *scene)
{
  UiFixture *ui = scene->ui;
  BobbinJob *stopped;

  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    bobbin_test_server_set (ui->server, offers[i].path, &offers[i].file);
  g_settings_set_uint (bobbin_application_get_settings (ui->app), "connections", 6);
  g_settings_set_uint (bobbin_application_get_settings (ui->app), "max-transfers", 2);

  add (ui, "/harbour-photos.tar", BOBBIN_JOB_DONE);
  add (ui, "/field-recordings.zip", BOBBIN_JOB_DONE);
  scene->old_maps = add (ui, "/old-maps.7z", BOBBIN_JOB_FAILED);
  stopped = add (ui, "/lecture-12.webm", BOBBIN_JOB_RUNNING);
  ui_wait (bobbin_job_get_bytes (stopped) > 3 * MIB);
  bobbin_job_stop_async (stopped, NULL, NULL);
  ui_wait (ui_has_state (stopped, BOBBIN_JOB_IDLE));
  scene->survey = add (ui, "/river-survey.iso", BOBBIN_JOB_RUNNING);
  add (ui, "/night-sky.tiff", BOBBIN_JOB_RUNNING);
  add (ui, "/meadow-atlas.pdf", BOBBIN_JOB_QUEUED);
  ui_wait (bobbin_job_get_bytes (scene->survey) > 24 * MIB);
}

static BobbinJob *
add_monitor (UiFixture *ui, const char *target, double warn)
{
  const guint n = ui_get_n_jobs (ui);
  g_autoptr (GError) error = NULL;
  BobbinJob *job;

  bobbin_application_add_monitor (ui->app, target, 1, warn, &error);
  g_assert_no_error (error);
  job = ui_get_job (ui, n);
  ui_watch (ui, job);

  return job;
}

static void
bring_monitors (Scene *scene)
{
  UiFixture *ui = scene->ui;
  g_autofree char *page = bobbin_test_server_get_uri (ui->server, "/meadow-atlas.pdf");
  g_autofree char *missing = bobbin_test_server_get_uri (ui->server, "/old-maps.7z");

  scene->processor = add_monitor (ui, "cpu", 90);
  add_monitor (ui, "memory", 90);
  add_monitor (ui, "disk:/", 90);
  add_monitor (ui, page, NAN);
  add_monitor (ui, missing, NAN);
}

/* Names that are longer than any room for them. */
static void
bring_long_names (Scene *scene)
{
  UiFixture *ui = scene->ui;
  g_autofree char *page = bobbin_test_server_get_uri (ui->server, LONG_PATH);

  bobbin_test_server_set (ui->server, LONG_PATH, &(BobbinTestFile){ .seed = 7, .length = MIB });
  scene->long_named = add (ui, LONG_PATH, BOBBIN_JOB_DONE);
  scene->page = add_monitor (ui, page, NAN);
  g_object_set (scene->page, "tags", (const char *const[]){ "web", "somewhere else", NULL }, NULL);
}

/* ---- pictures */

static void
on_tick (GdkFrameClock *clock, gpointer user_data)
{
  guint *n_frames = user_data;

  (*n_frames)++;
}

/* What was changed is drawn, and what was changed by that. */
static void
wait_drawn (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  guint n_frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_tick), &n_frames);

  for (guint i = 1; i <= N_FRAMES; i++)
    {
      gtk_widget_queue_draw (window);
      ui_wait (n_frames >= i);
    }
  g_signal_handler_disconnect (clock, handler);
}

/* Without the frame that windows have where there is no compositor. */
static GdkTexture *
draw (GtkWidget *window)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GskRenderNode) node = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  graphene_rect_t all, inner;

  if (!gtk_widget_compute_bounds (window, window, &all) ||
      !gtk_widget_compute_bounds (gtk_widget_get_first_child (window), window, &inner))
    g_error ("There is nothing in the window");

  graphene_rect_offset (&inner, -all.origin.x, -all.origin.y);
  gdk_paintable_snapshot (paintable, snapshot, all.size.width, all.size.height);
  node = gtk_snapshot_free_to_node (snapshot);

  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, &inner);
}

static void
save (GtkWidget *window, const char *name, const char *suffix)
{
  g_autofree char *file = g_strdup_printf ("%s%s.png", name, suffix);
  g_autofree char *path = g_build_filename (pictures, file, NULL);
  g_autoptr (GdkTexture) texture = NULL;

  /* There is no window manager that would give it the focus. */
  gtk_widget_unset_state_flags (window, GTK_STATE_FLAG_BACKDROP);
  wait_drawn (window);
  texture = draw (window);
  if (!gdk_texture_save_to_png (texture, path))
    g_error ("%s was not written", path);
  g_print ("%s\n", path);
}

static void
resize (GtkWidget *window, int width, int height)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  ui_wait (gtk_widget_get_width (window) <= MAX (width, 400));
  wait_drawn (window);
}

static void
use_dark (gboolean dark)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                           : ADW_COLOR_SCHEME_FORCE_LIGHT);
}

/* Light and dark. */
static void
save_both (GtkWidget *window, const char *name)
{
  use_dark (FALSE);
  save (window, name, "");
  use_dark (TRUE);
  save (window, name, "-dark");
  use_dark (FALSE);
}

static void
save_all (Scene *scene, const char *name)
{
  GtkWidget *window = GTK_WIDGET (scene->ui->window);
  g_autofree char *narrow = g_strconcat (name, "-narrow", NULL);

  resize (window, WIDE, TALL);
  save_both (window, name);
  resize (window, NARROW, NARROW_TALL);
  save_both (window, narrow);
  resize (window, WIDE, TALL);
}

static void
show_page (Scene *scene, const char *page)
{
  gtk_widget_activate_action (GTK_WIDGET (scene->ui->window), "win.close-details", NULL);
  gtk_widget_activate_action (GTK_WIDGET (scene->ui->window), "win.show-page", "s", page);
}

static void
save_details (Scene *scene, BobbinJob *job, GType type, const char *name)
{
  GtkWidget *view = NULL;

  ui_act (job, scene->ui, "job.show-details");
  ui_wait ((view = ui_find_type (GTK_WIDGET (scene->ui->window), type)) != NULL &&
           gtk_widget_get_mapped (view));
  save_all (scene, name);
}

/* A window above: as it opens. */
static void
save_dialog (Scene *scene, const char *action, const char *name)
{
  GtkWindow *dialog;

  gtk_widget_activate_action (GTK_WIDGET (scene->ui->window), action, NULL);
  dialog = ui_find_dialog (scene->ui);
  save_both (GTK_WIDGET (dialog), name);
  gtk_window_close (dialog);
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (scene->ui->window)));
}

static void
take_pictures (UiFixture *ui)
{
  Scene scene = { .ui = ui };

  resize (GTK_WIDGET (ui->window), WIDE, TALL);
  save_all (&scene, "empty");
  bring_monitors (&scene);
  bring_downloads (&scene);
  save_all (&scene, "downloads");
  save_details (&scene, scene.survey, BOBBIN_TYPE_DOWNLOAD_DETAILS, "details");
  show_page (&scene, "monitors");
  ui_wait (bobbin_monitor_get_n_taken (BOBBIN_MONITOR (scene.processor)) >= N_SAMPLES);
  save_all (&scene, "monitors");
  save_details (&scene, scene.processor, BOBBIN_TYPE_MONITOR_DETAILS, "monitor-details");
  show_page (&scene, "history");
  save_all (&scene, "history");
  show_page (&scene, "downloads");
  save_dialog (&scene, "win.add-download", "add-download");
  save_dialog (&scene, "win.add-monitor", "add-monitor");
}

/* ---- to be looked at */

/* Says what it is that the window needs where it is not to be had as narrow as that. */
static void
look_at (GtkWidget *window, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (look_widths); i++)
    {
      g_autofree char *suffix = g_strdup_printf ("-%d", look_widths[i]);
      int needed;

      gtk_window_set_default_size (GTK_WINDOW (window), look_widths[i], LOOK_TALL);
      wait_drawn (window);
      save (window, name, suffix);
      gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &needed, NULL, NULL, NULL);
      if (needed > look_widths[i])
        g_print ("%s needs %d px\n", name, needed);
    }
}

static void
look_at_details (Scene *scene, BobbinJob *job, GType type, const char *name)
{
  GtkWidget *view = NULL;

  ui_act (job, scene->ui, "job.show-details");
  ui_wait ((view = ui_find_type (GTK_WIDGET (scene->ui->window), type)) != NULL &&
           gtk_widget_get_mapped (view));
  look_at (GTK_WIDGET (scene->ui->window), name);
  gtk_widget_activate_action (GTK_WIDGET (scene->ui->window), "win.close-details", NULL);
}

static GtkWidget *
open_dialog (Scene *scene, const char *action)
{
  if (g_str_has_prefix (action, "app."))
    g_action_group_activate_action (G_ACTION_GROUP (scene->ui->app), action + strlen ("app."),
                                    NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (scene->ui->window), action, NULL);

  return GTK_WIDGET (ui_find_dialog (scene->ui));
}

static void
close_dialog (Scene *scene, GtkWidget *dialog)
{
  gtk_window_close (GTK_WINDOW (dialog));
  ui_wait (gtk_widget_get_mapped (GTK_WIDGET (scene->ui->window)));
}

static void
look_at_dialog (Scene *scene, const char *action, const char *name)
{
  GtkWidget *dialog = open_dialog (scene, action);

  look_at (dialog, name);
  close_dialog (scene, dialog);
}

/* The pages have no names. */
static void
look_at_preferences (Scene *scene)
{
  GtkWidget *dialog = open_dialog (scene, "app.preferences");
  GtkWidget *first = ui_find_type (dialog, ADW_TYPE_PREFERENCES_PAGE);
  GtkWidget *pages = gtk_widget_get_parent (first);
  guint n = 0;

  for (GtkWidget *page = first; page != NULL; page = gtk_widget_get_next_sibling (page))
    {
      g_autofree char *name = g_strdup_printf ("preferences-%u", n++);

      adw_view_stack_set_visible_child (ADW_VIEW_STACK (pages), page);
      look_at (dialog, name);
    }
  close_dialog (scene, dialog);
}

static void
take_looks (UiFixture *ui)
{
  Scene scene = { .ui = ui };

  look_at (GTK_WIDGET (ui->window), "empty");
  bring_monitors (&scene);
  bring_long_names (&scene);
  bring_downloads (&scene);
  look_at (GTK_WIDGET (ui->window), "downloads");
  look_at_details (&scene, scene.survey, BOBBIN_TYPE_DOWNLOAD_DETAILS, "details");
  look_at_details (&scene, scene.long_named, BOBBIN_TYPE_DOWNLOAD_DETAILS, "details-done");
  look_at_details (&scene, scene.old_maps, BOBBIN_TYPE_DOWNLOAD_DETAILS, "details-failed");
  show_page (&scene, "monitors");
  ui_wait (bobbin_monitor_get_n_taken (BOBBIN_MONITOR (scene.page)) >= N_SAMPLES / 4);
  look_at (GTK_WIDGET (ui->window), "monitors");
  look_at_details (&scene, scene.processor, BOBBIN_TYPE_MONITOR_DETAILS, "monitor-details");
  look_at_details (&scene, scene.page, BOBBIN_TYPE_MONITOR_DETAILS, "monitor-details-page");
  show_page (&scene, "history");
  look_at (GTK_WIDGET (ui->window), "history");
  show_page (&scene, "downloads");
  look_at_dialog (&scene, "win.add-download", "add-download");
  look_at_dialog (&scene, "win.add-monitor", "add-monitor");
  look_at_preferences (&scene);
}

/* ---- options */

static const GOptionEntry entries[] = {
  { "rtl", 0, 0, G_OPTION_ARG_NONE, &is_rtl, "From right to left, as in Arabic", NULL },
  { "pseudo", 0, 0, G_OPTION_ARG_NONE, &is_rtl, "The same, and in a language for tests", NULL },
  { "large", 0, 0, G_OPTION_ARG_NONE, &is_large, "Text of twice the size", NULL },
  { "contrast", 0, 0, G_OPTION_ARG_NONE, &is_contrast, "High contrast", NULL },
  { "look", 0, 0, G_OPTION_ARG_NONE, &is_look, "All views, in three widths", NULL },
  { NULL },
};

/* Those that are built, for it is not installed; or others that are made for a test. */
static void
use_translations (void)
{
  const char *made = g_getenv ("BOBBIN_TRANSLATIONS");
  g_autofree char *folder = g_canonicalize_filename (made != NULL ? made : "build/po", NULL);

  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
apply_options (void)
{
  int dpi;

  if (is_contrast)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);
  gtk_init ();
  if (is_rtl)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  if (is_large)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * dpi, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "There is no folder");
      return 2;
    }

  pictures = argv[1];
  use_translations ();
  apply_options ();
  ui_run (is_look ? take_looks : take_pictures, NULL);

  return 0;
}
