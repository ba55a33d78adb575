/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DemoAccessible is one thing that a program shows, as a screen reader knows it: it has a role, a
 * name and states, has others within it, and can be pressed or typed into (AT-SPI 2). It may go at
 * any time; what has gone gives no answer, and looks empty. Blocking; for one thread.
 */
#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "demo-accessible.h"

#include <math.h>

#define ACCESSIBLE    "org.a11y.atspi.Accessible"
#define ACTION        "org.a11y.atspi.Action"
#define COMPONENT     "org.a11y.atspi.Component"
#define EDITABLE_TEXT "org.a11y.atspi.EditableText"
#define TEXT          "org.a11y.atspi.Text"
#define VALUE         "org.a11y.atspi.Value"

/* Of AT-SPI's kinds of coordinates: within the window. */
#define COORDINATES_WINDOW 1

#define CALL_TIMEOUT 5000 /* ms */

struct _DemoAccessible
{
  GDBusConnection *bus; /* (owned) */
  char *owner;          /* (owned) */
  char *path;           /* (owned) */
};

DemoAccessible *
demo_accessible_new (GDBusConnection *bus, const char *owner, const char *path)
{
  DemoAccessible *self = g_new0 (DemoAccessible, 1);

  self->bus = g_object_ref (bus);
  self->owner = g_strdup (owner);
  self->path = g_strdup (path);

  return self;
}

void
demo_accessible_free (DemoAccessible *self)
{
  g_object_unref (self->bus);
  g_free (self->owner);
  g_free (self->path);
  g_free (self);
}

static GVariant *
call (const DemoAccessible *self,
      const char *interface,
      const char *method,
      GVariant *arguments,
      const char *type)
{
  return g_dbus_connection_call_sync (self->bus, self->owner, self->path, interface, method,
                                      arguments, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE,
                                      CALL_TIMEOUT, NULL, NULL);
}

static GVariant *
get_property (const DemoAccessible *self, const char *interface, const char *property)
{
  g_autoptr (GVariant) answer = call (self, "org.freedesktop.DBus.Properties", "Get",
                                      g_variant_new ("(ss)", interface, property), "(v)");
  GVariant *value = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);

  return value;
}

/* ---- what is within it */

/* Those right within it, in their order. */
GPtrArray *
demo_accessible_dup_children (const DemoAccessible *self)
{
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify) demo_accessible_free);
  g_autoptr (GVariant) answer = call (self, ACCESSIBLE, "GetChildren", NULL, "(a(so))");
  g_autoptr (GVariantIter) iter = NULL;
  const char *owner;
  const char *path;

  if (answer == NULL)
    return children;

  g_variant_get (answer, "(a(so))", &iter);
  while (g_variant_iter_next (iter, "(&s&o)", &owner, &path))
    g_ptr_array_add (children, demo_accessible_new (self->bus, owner, path));

  return children;
}

typedef gboolean (*DemoMatch) (const DemoAccessible *accessible, gconstpointer wanted);

/* The first that matches, at any depth. */
static DemoAccessible *
find (const DemoAccessible *self, DemoMatch match, gconstpointer wanted)
{
  g_autoptr (GPtrArray) children = demo_accessible_dup_children (self);

  for (guint i = 0; i < children->len; i++)
    {
      const DemoAccessible *child = g_ptr_array_index (children, i);
      DemoAccessible *below;

      if (match (child, wanted))
        return demo_accessible_new (child->bus, child->owner, child->path);
      below = find (child, match, wanted);
      if (below != NULL)
        return below;
    }

  return NULL;
}

typedef struct
{
  DemoRole role;
  const char *name;
} Wanted;

/* A button with a mnemonic is called by what is written on it twice: once with the mnemonic. */
static gboolean
is_called (const char *name, const char *wanted)
{
  const gsize length = strlen (name);
  const gsize wanted_length = strlen (wanted);

  if (length <= wanted_length || strchr (name, '_') == NULL)
    return g_str_equal (name, wanted);

  return g_str_has_suffix (name, wanted) && name[length - wanted_length - 1] == ' ';
}

static gboolean
match_name (const DemoAccessible *self, gconstpointer data)
{
  const Wanted *wanted = data;
  g_autofree char *name = NULL;

  if (wanted->role != DEMO_ROLE_ANY && demo_accessible_get_role (self) != wanted->role)
    return FALSE;

  name = demo_accessible_dup_name (self);

  return is_called (name, wanted->name);
}

/* The first with this name, and of this role unless that is DEMO_ROLE_ANY. */
DemoAccessible *
demo_accessible_find (const DemoAccessible *self, DemoRole role, const char *name)
{
  return find (self, match_name, &(Wanted){ role, name });
}

static gboolean
match_state (const DemoAccessible *self, gconstpointer wanted)
{
  return demo_accessible_has_state (self, *(const DemoState *) wanted);
}

DemoAccessible *
demo_accessible_find_state (const DemoAccessible *self, DemoState state)
{
  return find (self, match_state, &state);
}

gboolean
demo_accessible_is_same (const DemoAccessible *self, const DemoAccessible *other)
{
  return g_str_equal (self->owner, other->owner) && g_str_equal (self->path, other->path);
}

/* ---- what it is */

char *
demo_accessible_dup_name (const DemoAccessible *self)
{
  g_autoptr (GVariant) name = get_property (self, ACCESSIBLE, "Name");

  return name != NULL ? g_variant_dup_string (name, NULL) : g_strdup ("");
}

DemoRole
demo_accessible_get_role (const DemoAccessible *self)
{
  g_autoptr (GVariant) answer = call (self, ACCESSIBLE, "GetRole", NULL, "(u)");
  guint role = DEMO_ROLE_ANY;

  if (answer != NULL)
    g_variant_get (answer, "(u)", &role);

  return role;
}

/* States are bits, in words of 32. */
gboolean
demo_accessible_has_state (const DemoAccessible *self, DemoState state)
{
  g_autoptr (GVariant) answer = call (self, ACCESSIBLE, "GetState", NULL, "(au)");
  g_autoptr (GVariant) words = NULL;
  const guint32 *bits;
  gsize n;

  if (answer == NULL)
    return FALSE;

  words = g_variant_get_child_value (answer, 0);
  bits = g_variant_get_fixed_array (words, &n, sizeof (guint32));

  return (gsize) state / 32 < n && (bits[state / 32] >> (state % 32) & 1) != 0;
}

/* NAN if it has none. */
double
demo_accessible_get_value (const DemoAccessible *self)
{
  g_autoptr (GVariant) value = get_property (self, VALUE, "CurrentValue");

  return value != NULL ? g_variant_get_double (value) : (double) NAN;
}

/* What was typed into it. */
char *
demo_accessible_dup_text (const DemoAccessible *self)
{
  g_autoptr (GVariant) length = get_property (self, TEXT, "CharacterCount");
  g_autoptr (GVariant) answer = NULL;
  char *text;

  if (length != NULL)
    answer =
      call (self, TEXT, "GetText", g_variant_new ("(ii)", 0, g_variant_get_int32 (length)), "(s)");
  if (answer == NULL)
    return g_strdup ("");
  g_variant_get (answer, "(s)", &text);

  return text;
}

static void
collect_words (const DemoAccessible *self, GString *words)
{
  g_autoptr (GPtrArray) children = demo_accessible_dup_children (self);

  for (guint i = 0; i < children->len; i++)
    {
      const DemoAccessible *child = g_ptr_array_index (children, i);

      if (demo_accessible_get_role (child) == DEMO_ROLE_LABEL)
        {
          g_autofree char *name = demo_accessible_dup_name (child);

          if (*name != '\0')
            g_string_append_printf (words, "%s%s", words->len > 0 ? " | " : "", name);
        }
      collect_words (child, words);
    }
}

/* All that is written in it, as one string. */
char *
demo_accessible_dup_words (const DemoAccessible *self)
{
  GString *words = g_string_new (NULL);

  collect_words (self, words);

  return g_string_free (words, FALSE);
}

/* Where the middle of it is, in its window; FALSE if it is not shown. */
gboolean
demo_accessible_get_middle (const DemoAccessible *self, int *x, int *y)
{
  g_autoptr (GVariant) answer =
    call (self, COMPONENT, "GetExtents", g_variant_new ("(u)", COORDINATES_WINDOW), "((iiii))");
  int width, height;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "((iiii))", x, y, &width, &height);
  *x += width / 2;
  *y += height / 2;

  return width > 0 && height > 0;
}

/* ---- what can be done to it */

/* FALSE if nothing can. */
gboolean
demo_accessible_press (const DemoAccessible *self)
{
  g_autoptr (GVariant) done = call (self, ACTION, "DoAction", g_variant_new ("(i)", 0), "(b)");

  return done != NULL;
}

/* Types @text in place of what is there. */
gboolean
demo_accessible_set_text (const DemoAccessible *self, const char *text)
{
  g_autoptr (GVariant) answer =
    call (self, EDITABLE_TEXT, "SetTextContents", g_variant_new ("(s)", text), "(b)");
  gboolean done = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &done);

  return done;
}
