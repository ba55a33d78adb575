/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How samples and buckets are written down: of a hundred monitors there may be eight million
 * samples a day, which as rows of a table took five times the room, and five times as long to read.
 * Pure; any thread.
 *
 * A text begins with its version. Numbers are written seven bits a byte, the lowest first, the
 * eighth bit for more to come; where they may be negative the sign is the lowest bit. Doubles are
 * what differs from another one (their exclusive or), without the bytes of zero at either end. What
 * is as one would expect takes one bit: a sample that came as long after the one before as that
 * did, a bucket that was in one state throughout.
 *
 * What is in databases never changes: another way to write it is another version.
 */

#define G_LOG_DOMAIN "bobbin"

#include "config.h"

#include "bobbin-history-codec.h"

#include <math.h>
#include <string.h>

/* The first byte of a text */
#define SAMPLES 1
#define BUCKETS 2

/* No text is about more buckets than this. */
#define MAX_BUCKETS (1 << 20)

/* The first byte of a sample; the lower four bits are the state */
#define STATE_MASK     0x0f
#define OTHER_NUMBER   0x10 /* another monitor than that of the sample before */
#define OTHER_STEP     0x20
#define OTHER_DURATION 0x40
#define HAS_VALUE      0x80

/* The first byte of a bucket; the upper four bits are the state of one that is WHOLE */
#define HAS_VALUES  0x01
#define FLAT        0x02 /* least, mean and greatest value are the same */
#define FULL_WEIGHT 0x04 /* the weight is the bucket's length */
#define WHOLE       0x08 /* in one state for as long as the bucket is */
#define STATE_SHIFT 4

/* ---- numbers */

static void
put_byte (GByteArray *bytes, guint8 byte)
{
  g_byte_array_append (bytes, &byte, 1);
}

static void
put_number (GByteArray *bytes, guint64 number)
{
  guint8 text[10];
  guint n = 0;

  do
    {
      text[n++] = (number & 0x7f) | (number > 0x7f ? 0x80 : 0);
      number >>= 7;
    }
  while (number > 0);
  g_byte_array_append (bytes, text, n);
}

static void
put_signed (GByteArray *bytes, gint64 number)
{
  put_number (bytes, ((guint64) number << 1) ^ (guint64) (number >> 63));
}

static guint64
to_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);

  return bits;
}

/* A byte that says how many bytes of zero there are above and how many others follow, and these. */
static void
put_double (GByteArray *bytes, double value, double other)
{
  guint64 bits = to_bits (value) ^ to_bits (other);
  guint8 text[9];
  guint n_above = 0;
  guint n = 8;

  while (n > 0 && (bits & 0xff) == 0)
    {
      bits >>= 8;
      n--;
    }
  while (n_above < n && bits >> (8 * (n - 1 - n_above)) == 0)
    n_above++;
  n -= n_above;

  text[0] = (guint8) (n_above << 4 | n);
  for (guint i = 0; i < n; i++)
    text[1 + i] = (guint8) (bits >> (8 * i));
  g_byte_array_append (bytes, text, 1 + n);
}

/* What is left to read; nothing is read any more once something was wrong. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean bad;
} Reader;

static guint8
get_byte (Reader *reader)
{
  if (reader->at == reader->end)
    {
      reader->bad = TRUE;
      return 0;
    }

  return *reader->at++;
}

static guint64
get_number (Reader *reader)
{
  guint64 number = 0;
  guint8 byte = 0x80;

  for (guint shift = 0; (byte & 0x80) != 0 && !reader->bad; shift += 7)
    {
      byte = get_byte (reader);
      if (shift > 63)
        reader->bad = TRUE;
      else
        number |= (guint64) (byte & 0x7f) << shift;
    }

  return number;
}

static gint64
get_signed (Reader *reader)
{
  const guint64 number = get_number (reader);

  return (gint64) (number >> 1) ^ -(gint64) (number & 1);
}

static double
get_double (Reader *reader, double other)
{
  const guint8 head = get_byte (reader);
  const guint n_above = head >> 4;
  const guint n = head & 0x0f;
  guint64 bits = 0;
  double value;

  if (n_above + n > 8 || (gsize) (reader->end - reader->at) < n)
    {
      reader->bad = TRUE;
      return NAN;
    }

  for (guint i = 0; i < n; i++)
    bits |= (guint64) reader->at[i] << (8 * (8 - n_above - n + i));
  reader->at += n;
  bits ^= to_bits (other);
  memcpy (&value, &bits, sizeof value);

  return value;
}

/* ---- samples */

/**
 * bobbin_history_writer_init: (skip)
 * @self: a writer to be
 *
 * Begins a text of samples.
 */
void
bobbin_history_writer_init (BobbinHistoryWriter *self)
{
  *self = (BobbinHistoryWriter){ .bytes = g_byte_array_new () };
  put_byte (self->bytes, SAMPLES);
}

/**
 * bobbin_history_writer_clear: (skip)
 * @self: a writer, or all zero
 *
 * Frees what has been written.
 */
void
bobbin_history_writer_clear (BobbinHistoryWriter *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

/**
 * bobbin_history_writer_add: (skip)
 * @self: a writer
 * @number: of the monitor; always 0 in a text about one
 * @sample: what it came to know
 *
 * Adds a sample to the text: five bytes of a steady monitor, where not much changes.
 */
void
bobbin_history_writer_add (BobbinHistoryWriter *self,
                           gint64 number,
                           const BobbinHistorySample *sample)
{
  const gint64 step = (gint64) ((guint64) sample->time - (guint64) self->sample.time);
  const gint64 duration = MAX (sample->duration, 0);
  const gboolean has_value = isfinite (sample->value);
  guint8 head = (guint8) sample->state;

  head |= number != self->number ? OTHER_NUMBER : 0;
  head |= step != self->step ? OTHER_STEP : 0;
  head |= duration != self->sample.duration ? OTHER_DURATION : 0;
  head |= has_value ? HAS_VALUE : 0;

  put_byte (self->bytes, head);
  if ((head & OTHER_NUMBER) != 0)
    put_signed (self->bytes, number - self->number);
  if ((head & OTHER_STEP) != 0)
    put_signed (self->bytes, step);
  if ((head & OTHER_DURATION) != 0)
    put_number (self->bytes, (guint64) duration);
  if (has_value)
    {
      put_double (self->bytes, sample->value, self->sample.value);
      self->sample.value = sample->value;
    }
  self->number = number;
  self->step = step;
  self->sample.time = sample->time;
  self->sample.duration = duration;
}

/**
 * bobbin_history_writer_end: (skip)
 * @self: a writer
 *
 * Returns: (transfer full): the text; the writer is cleared
 */
GBytes *
bobbin_history_writer_end (BobbinHistoryWriter *self)
{
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));
}

static void
read_sample (Reader *reader, BobbinHistoryEntry *entry, gint64 *step, double *value)
{
  const guint8 head = get_byte (reader);

  entry->sample.state = head & STATE_MASK;
  if (entry->sample.state >= BOBBIN_HISTORY_N_STATES)
    reader->bad = TRUE;
  if ((head & OTHER_NUMBER) != 0)
    entry->number = (gint64) ((guint64) entry->number + (guint64) get_signed (reader));
  if ((head & OTHER_STEP) != 0)
    *step = get_signed (reader);
  if ((head & OTHER_DURATION) != 0)
    entry->sample.duration = (gint64) get_number (reader);
  entry->sample.time = (gint64) ((guint64) entry->sample.time + (guint64) *step);
  if ((head & HAS_VALUE) != 0)
    *value = get_double (reader, *value);
  entry->sample.value = (head & HAS_VALUE) != 0 ? *value : NAN;
  if (entry->sample.duration < 0)
    reader->bad = TRUE;
}

/**
 * bobbin_history_read_samples: (skip)
 * @data: (array length=size): a text
 * @size: how many bytes
 * @func: called with each entry of it
 * @user_data: for @func
 *
 * Reads what a writer wrote.
 *
 * Returns: whether it made sense; if not @func was called with what did, up to there
 */
gboolean
bobbin_history_read_samples (const guint8 *data,
                             gsize size,
                             BobbinHistoryEntryFunc func,
                             gpointer user_data)
{
  Reader reader = { data, data + size, FALSE };
  BobbinHistoryEntry entry = { 0 };
  gint64 step = 0;
  double value = 0;

  if (get_byte (&reader) != SAMPLES)
    return FALSE;

  while (reader.at < reader.end && !reader.bad)
    {
      read_sample (&reader, &entry, &step, &value);
      if (!reader.bad)
        func (&entry, user_data);
    }

  return !reader.bad;
}

/* ---- buckets */

/* The state that a bucket was in for as long as it is, or BOBBIN_HISTORY_N_STATES. */
static guint
get_whole_state (const BobbinHistoryBucket *bucket)
{
  guint found = BOBBIN_HISTORY_N_STATES;

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    {
      if (bucket->in_state[i] == 0)
        continue;
      if (found < BOBBIN_HISTORY_N_STATES || bucket->in_state[i] != bucket->length)
        return BOBBIN_HISTORY_N_STATES;
      found = i;
    }

  return found;
}

static void
write_states (GByteArray *bytes, const BobbinHistoryBucket *bucket)
{
  guint mask = 0;

  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    if (bucket->in_state[i] > 0)
      mask |= 1u << i;
  put_number (bytes, mask);
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES; i++)
    if (bucket->in_state[i] > 0)
      put_number (bytes, (guint64) bucket->in_state[i]);
}

static void
write_values (GByteArray *bytes, const BobbinHistoryBucket *bucket, guint8 head, double mean_before)
{
  put_number (bytes, bucket->count);
  if ((head & FULL_WEIGHT) == 0)
    put_number (bytes, (guint64) bucket->weight);
  put_double (bytes, bucket->mean, mean_before);
  if ((head & FLAT) == 0)
    {
      put_double (bytes, bucket->min, bucket->mean);
      put_double (bytes, bucket->max, bucket->mean);
    }
}

static void
write_bucket (GByteArray *bytes, const BobbinHistoryBucket *bucket, double *mean)
{
  const guint whole = get_whole_state (bucket);
  guint8 head = 0;

  if (bucket->count > 0)
    {
      head |= HAS_VALUES;
      head |= bucket->min == bucket->mean && bucket->mean == bucket->max ? FLAT : 0;
      head |= bucket->weight == bucket->length ? FULL_WEIGHT : 0;
    }
  if (whole < BOBBIN_HISTORY_N_STATES)
    head |= (guint8) (WHOLE | whole << STATE_SHIFT);

  put_byte (bytes, head);
  if ((head & WHOLE) == 0)
    write_states (bytes, bucket);
  if ((head & HAS_VALUES) != 0)
    {
      write_values (bytes, bucket, head, *mean);
      *mean = bucket->mean;
    }
}

/**
 * bobbin_history_write_buckets: (skip)
 * @buckets: (element-type BobbinHistoryBucket): buckets, in order
 * @origin: no later than the start of the first, and a whole number of @length before it
 * @length: of each of them
 *
 * Returns: (transfer full): a text of these buckets
 */
GBytes *
bobbin_history_write_buckets (const GArray *buckets, gint64 origin, gint64 length)
{
  GByteArray *bytes = g_byte_array_new ();
  gint64 index = -1;
  double mean = 0;

  put_byte (bytes, BUCKETS);
  for (guint i = 0; i < buckets->len; i++)
    {
      const BobbinHistoryBucket *bucket = &g_array_index (buckets, BobbinHistoryBucket, i);
      const gint64 this_index = (bucket->start - origin) / length;

      put_number (bytes, (guint64) (this_index - index - 1));
      write_bucket (bytes, bucket, &mean);
      index = this_index;
    }

  return g_byte_array_free_to_bytes (bytes);
}

static void
read_states (Reader *reader, BobbinHistoryBucket *bucket)
{
  const guint64 mask = get_number (reader);

  if (mask >= 1u << BOBBIN_HISTORY_N_STATES)
    reader->bad = TRUE;
  for (guint i = 0; i < BOBBIN_HISTORY_N_STATES && !reader->bad; i++)
    if ((mask & 1u << i) != 0)
      {
        bucket->in_state[i] = (gint64) get_number (reader);
        reader->bad = reader->bad || bucket->in_state[i] <= 0;
      }
}

static void
read_values (Reader *reader, BobbinHistoryBucket *bucket, guint8 head, double *mean)
{
  bucket->count = get_number (reader);
  bucket->weight = (head & FULL_WEIGHT) != 0 ? bucket->length : (gint64) get_number (reader);
  *mean = get_double (reader, *mean);
  bucket->min = bucket->mean = bucket->max = *mean;
  if ((head & FLAT) == 0)
    {
      bucket->min = get_double (reader, *mean);
      bucket->max = get_double (reader, *mean);
    }
  if (bucket->count == 0 || bucket->weight <= 0)
    reader->bad = TRUE;
}

static void
read_bucket (Reader *reader, BobbinHistoryBucket *bucket, double *mean)
{
  const guint8 head = get_byte (reader);
  const guint whole = head >> STATE_SHIFT;

  if ((head & WHOLE) == 0)
    read_states (reader, bucket);
  else if (whole < BOBBIN_HISTORY_N_STATES)
    bucket->in_state[whole] = bucket->length;
  else
    reader->bad = TRUE;
  if ((head & HAS_VALUES) != 0)
    read_values (reader, bucket, head, mean);
}

/**
 * bobbin_history_read_buckets: (skip)
 * @data: (array length=size): a text
 * @size: how many bytes
 * @origin: what it was written with
 * @length: likewise
 * @buckets: (element-type BobbinHistoryBucket): where to add what it says, at the end
 *
 * Reads what bobbin_history_write_buckets() wrote.
 *
 * Returns: whether it made sense; if not what did was added, up to there
 */
gboolean
bobbin_history_read_buckets (const guint8 *data,
                             gsize size,
                             gint64 origin,
                             gint64 length,
                             GArray *buckets)
{
  Reader reader = { data, data + size, FALSE };
  gint64 index = -1;
  double mean = 0;

  if (get_byte (&reader) != BUCKETS)
    return FALSE;

  while (reader.at < reader.end && !reader.bad)
    {
      BobbinHistoryBucket bucket = { .length = length, .min = NAN, .mean = NAN, .max = NAN };
      const guint64 n_left_out = get_number (&reader);

      if (n_left_out >= (guint64) (MAX_BUCKETS - index - 1))
        return FALSE;
      index += 1 + (gint64) n_left_out;
      bucket.start = origin + index * length;
      read_bucket (&reader, &bucket, &mean);
      if (!reader.bad)
        g_array_append_val (buckets, bucket);
    }

  return !reader.bad;
}
