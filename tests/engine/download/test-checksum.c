/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bobbin-checksum: what people write and what servers send, right and wrong. The digests are of the
 * texts that the standards use: “abc” (FIPS 180), {"hello": "world"} (RFC 9530 §B.1), and so on.
 */

#include "config.h"

#include "bobbin-checksum.h"
#include "bobbin-error.h"

#include <string.h>

#define ABC_MD5    "900150983cd24fb0d6963f7d28e17f72"
#define ABC_SHA1   "a9993e364706816aba3e25717850c26c9cd0d89d"
#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ABC_SHA512                                                   \
  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" \
  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"

/* of {"hello": "world"} and a line feed */
#define HELLO_SHA256 "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg="
#define HELLO_SHA512                              \
  "YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP" \
  "+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg=="
#define HELLO_SHA256_TEXT "sha256:44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38"

/* of nothing at all */
#define NONE_MD5      "1B2M2Y8AsgTpgAmY7PhCfg=="
#define NONE_MD5_TEXT "md5:d41d8cd98f00b204e9800998ecf8427e"
#define NONE_SHA1     "2jmj7l5rSw0yVb/vlWAYkK/YBwk="

static void
test_parse (void)
{
  const struct
  {
    const char *text, *parsed;
    const char *name;
  } cases[] = {
    { "md5:" ABC_MD5, "md5:" ABC_MD5, "MD5" },
    { "sha1:" ABC_SHA1, "sha1:" ABC_SHA1, "SHA-1" },
    { "sha256:" ABC_SHA256, "sha256:" ABC_SHA256, "SHA-256" },
    { "sha512:" ABC_SHA512, "sha512:" ABC_SHA512, "SHA-512" },
    { "SHA-1:" ABC_SHA1, "sha1:" ABC_SHA1, "SHA-1" },
    { "Sha-256:" ABC_SHA256, "sha256:" ABC_SHA256, "SHA-256" },
    { "MD5:900150983CD24FB0D6963F7D28E17F72", "md5:" ABC_MD5, "MD5" },
    { "md5:900150983Cd24fB0d6963f7d28e17f72", "md5:" ABC_MD5, "MD5" },
    { "  sha1:" ABC_SHA1 "\n", "sha1:" ABC_SHA1, "SHA-1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      BobbinChecksum checksum;

      g_assert_true (bobbin_checksum_parse (cases[i].text, &checksum, &error));
      g_assert_no_error (error);
      text = bobbin_checksum_to_string (&checksum);
      g_assert_cmpstr (text, ==, cases[i].parsed);
      g_assert_cmpstr (bobbin_checksum_get_name (&checksum), ==, cases[i].name);
    }
}

static void
test_parse_wrong (void)
{
  const char *const cases[] = {
    "",
    ":",
    "sha256",
    "sha256:",
    ABC_SHA256,
    "sha256=" ABC_SHA256,
    ":" ABC_SHA256,
    "sha384:" ABC_SHA256,
    "sha:" ABC_SHA1,
    "sha25:" ABC_SHA256,
    "sha2566:" ABC_SHA256,
    "crc32:00000000",
    "md5:" ABC_SHA1,
    "sha256:" ABC_SHA256 "0",
    "sha1:a9993e364706816aba3e25717850c26c9cd0d89",
    "sha1:a9993e364706816aba3e25717850c26c9cd0d89g",
    "sha1:0xa9993e364706816aba3e25717850c26c9cd0d8",
    "sha1: 9993e364706816aba3e25717850c26c9cd0d89d",
    "md5:" ABC_MD5 ":",
    "md5:\xff\xff",
    "md5:\x1b[2J",
  };
  const BobbinChecksum untouched = { .digest = { 42 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      BobbinChecksum checksum = untouched;

      g_assert_false (bobbin_checksum_parse (cases[i], &checksum, &error));
      g_assert_error (error, BOBBIN_ERROR, BOBBIN_ERROR_BAD_SETTING);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strchr (error->message, '\x1b'));
      g_assert_true (g_str_has_suffix (error->message, "."));
      g_assert_cmpmem (&checksum, sizeof checksum, &untouched, sizeof untouched);
    }
}

static void
test_equal (void)
{
  BobbinChecksum a, b, md5;

  g_assert_true (bobbin_checksum_parse ("sha1:" ABC_SHA1, &a, NULL));
  g_assert_true (bobbin_checksum_parse ("SHA1:A9993E364706816ABA3E25717850C26C9CD0D89D", &b, NULL));
  g_assert_true (bobbin_checksum_equal (&a, &b));
  b.digest[19] ^= 1;
  g_assert_false (bobbin_checksum_equal (&a, &b));

  g_assert_true (bobbin_checksum_parse ("md5:" ABC_MD5, &md5, NULL));
  g_assert_false (bobbin_checksum_equal (&a, &md5));
}

typedef struct
{
  const char *field;
  const char *parsed; /* or NULL where there is none */
} FieldCase;

static void
assert_fields (gboolean (*parse) (const char *, BobbinChecksum *),
               const FieldCase *cases,
               gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      const char *field = cases[i].field;
      g_autofree char *shown = g_strescape (field != NULL ? field : "NULL", NULL);
      g_autofree char *text = NULL;
      BobbinChecksum checksum;

      g_test_message ("%s", shown);
      if (parse (field, &checksum))
        text = bobbin_checksum_to_string (&checksum);
      g_assert_cmpstr (text, ==, cases[i].parsed);
    }
}

#define SHA512_TEXT                                                  \
  "sha512:"                                                          \
  "60c01a9b9d49cff8ce0134faff3bc7acb5603984c6172d5de862623874e886ae" \
  "323fea60938bdfd9a0acc9164eb70f0c8e433b8b0ef267f5a4a6998ce384f7aa"

static void
test_dictionary (void)
{
  const FieldCase cases[] = {
    { "sha-256=:" HELLO_SHA256 ":", HELLO_SHA256_TEXT },
    { "sha-512=:" HELLO_SHA512 ":", SHA512_TEXT },
    { "sha-256=:" HELLO_SHA256 ":,sha-512=:" HELLO_SHA512 ":", SHA512_TEXT },
    { "sha-512=:" HELLO_SHA512 ":  \t,\t sha-256=:" HELLO_SHA256 ":  ", SHA512_TEXT },
    { " md5=:" NONE_MD5 ":", NONE_MD5_TEXT },
    { "md5=:" NONE_MD5 ":, sha-256=:" HELLO_SHA256 ":", HELLO_SHA256_TEXT },
    { "sha=:" NONE_SHA1 ":", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709" },
    /* without padding */
    { "md5=:1B2M2Y8AsgTpgAmY7PhCfg:", NONE_MD5_TEXT },
    /* the later one of two counts */
    { "md5=:AAAAAAAAAAAAAAAAAAAAAA==:, md5=:" NONE_MD5 ":", NONE_MD5_TEXT },
    /* what is of no interest is read over */
    { "md5=:" NONE_MD5 ":;a;b=1;c=\"x,\\\"y\";d=?0, adler=:AAAA:", NONE_MD5_TEXT },
    { "unixsum=:AA==:;x=-1.5, md5=:" NONE_MD5 ":, z", NONE_MD5_TEXT },
    { "list=(1 \"two\" three;x=*y :AA==:), md5=:" NONE_MD5 ":", NONE_MD5_TEXT },
    { "empty=(), when=@1659578233, md5=:" NONE_MD5 ":", NONE_MD5_TEXT },
    /* known, but not what it should be */
    { "sha-256=:AAAA:", NULL },
    { "sha-256=:" NONE_MD5 ":", NULL },
    { "sha-256=\"" HELLO_SHA256 "\"", NULL },
    { "sha-256=:" HELLO_SHA256 "=:", NULL },
    { "sha-256=:=" HELLO_SHA256 ":", NULL },
    { "sha-256=10", NULL },
    { "sha-256", NULL },
    { "sha-999=:" HELLO_SHA256 ":", NULL },
    /* no dictionary */
    { NULL, NULL },
    { "", NULL },
    { "   ", NULL },
    { ",", NULL },
    { "=", NULL },
    { "sha-256=", NULL },
    { "sha-256=" HELLO_SHA256, NULL },
    { "SHA-256=:" HELLO_SHA256 ":", NULL },
    { "sha-256=:" HELLO_SHA256, NULL },
    { "sha-256 =:" HELLO_SHA256 ":", NULL },
    { "sha-256=:" HELLO_SHA256 ":,", NULL },
    { "sha-256=:" HELLO_SHA256 ": x", NULL },
    { "sha-256=:" HELLO_SHA256 ":, ,", NULL },
    { "sha-256=:" HELLO_SHA256 ":, x=\"", NULL },
    { "sha-256=:" HELLO_SHA256 ":, x=\"\\", NULL },
    { "sha-256=:" HELLO_SHA256 ":, x=(", NULL },
    { "sha-256=:" HELLO_SHA256 ":, x=(1", NULL },
    { "sha-256=:" HELLO_SHA256 ":, x=?2", NULL },
    { "sha-256=:" HELLO_SHA256 ":;", NULL },
    { "sha-256=:" HELLO_SHA256 ":;A=1", NULL },
    { "sha-256=:" HELLO_SHA256 ":;a=", NULL },
    { "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabD_=:", NULL },
    { "\xff\xfe", NULL },
  };

  assert_fields (bobbin_checksum_from_dictionary, cases, G_N_ELEMENTS (cases));
}

static void
test_digest (void)
{
  const FieldCase cases[] = {
    { "SHA-256=" HELLO_SHA256, HELLO_SHA256_TEXT },
    { "sha-256=" HELLO_SHA256, HELLO_SHA256_TEXT },
    { "MD5=" NONE_MD5 ",SHA-256=" HELLO_SHA256, HELLO_SHA256_TEXT },
    { "SHA-256=" HELLO_SHA256 ", MD5=" NONE_MD5, HELLO_SHA256_TEXT },
    { "SHA-512=" HELLO_SHA512 ", SHA-256=" HELLO_SHA256, SHA512_TEXT },
    { "SHA=" NONE_SHA1, "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709" },
    { "UNIXsum=30637, MD5=" NONE_MD5, NONE_MD5_TEXT },
    /* one that cannot be read does not spoil the others */
    { "SHA-512=nonsense, SHA-256, , MD5=" NONE_MD5 ",", NONE_MD5_TEXT },
    { NULL, NULL },
    { "", NULL },
    { "=", NULL },
    { "SHA-256", NULL },
    { "SHA-256=", NULL },
    { "SHA-256=:" HELLO_SHA256 ":", NULL },
    { "id-sha-256=" HELLO_SHA256, NULL },
    { "contentMD5=" NONE_MD5, NULL },
    /* digits in place of base64 */
    { "MD5=d41d8cd98f00b204e9800998ecf8427e", NULL },
    { "SHA-256=" ABC_SHA256, NULL },
  };

  assert_fields (bobbin_checksum_from_digest, cases, G_N_ELEMENTS (cases));
}

static void
test_content_md5 (void)
{
  const FieldCase cases[] = {
    { NONE_MD5, NONE_MD5_TEXT },
    { "  " NONE_MD5 " ", NONE_MD5_TEXT },
    { "Q2hlY2sgSW50ZWdyaXR5IQ==", "md5:436865636b20496e7465677269747921" }, /* RFC 1864 §2 */
    { NULL, NULL },
    { "", NULL },
    { "d41d8cd98f00b204e9800998ecf8427e", NULL },
    { NONE_SHA1, NULL },
    { NONE_MD5 ", " NONE_MD5, NULL },
    { "1B2M2Y8AsgTpgAmY7PhCf!==", NULL },
  };

  assert_fields (bobbin_checksum_from_content_md5, cases, G_N_ELEMENTS (cases));
}

/* Which field counts with which status. */
static void
test_headers (void)
{
  const struct
  {
    guint status;
    const char *repr, *content, *digest, *md5;
    const char *parsed;
  } cases[] = {
    { 200, "sha-256=:" HELLO_SHA256 ":", NULL, NULL, NULL, HELLO_SHA256_TEXT },
    { 206, "sha-256=:" HELLO_SHA256 ":", NULL, NULL, NULL, HELLO_SHA256_TEXT },
    { 200, NULL, "sha-256=:" HELLO_SHA256 ":", NULL, NULL, HELLO_SHA256_TEXT },
    { 206, NULL, "sha-256=:" HELLO_SHA256 ":", NULL, NULL, NULL },
    { 200, NULL, NULL, "SHA-256=" HELLO_SHA256, NULL, HELLO_SHA256_TEXT },
    { 206, NULL, NULL, "SHA-256=" HELLO_SHA256, NULL, HELLO_SHA256_TEXT },
    { 200, NULL, NULL, NULL, NONE_MD5, NONE_MD5_TEXT },
    { 206, NULL, NULL, NULL, NONE_MD5, NULL },
    { 203, "sha-256=:" HELLO_SHA256 ":", NULL, "SHA-256=" HELLO_SHA256, NONE_MD5, NULL },
    { 404, "sha-256=:" HELLO_SHA256 ":", NULL, "SHA-256=" HELLO_SHA256, NONE_MD5, NULL },
    /* the strongest, whichever field it is in; of equals, the newest field's */
    { 200, "md5=:" NONE_MD5 ":", NULL, "SHA-256=" HELLO_SHA256, NONE_MD5, HELLO_SHA256_TEXT },
    { 200, "sha-256=:" HELLO_SHA256 ":", NULL, "SHA-512=" HELLO_SHA512, NULL, SHA512_TEXT },
    { 200, "md5=:" NONE_MD5 ":", NULL, NULL, "AAAAAAAAAAAAAAAAAAAAAA==", NONE_MD5_TEXT },
    /* what cannot be read leaves room for the next */
    { 200, "sha-256=?", "x", "SHA-256=?", NONE_MD5, NONE_MD5_TEXT },
    { 200, NULL, NULL, NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
      g_autofree char *text = NULL;
      BobbinChecksum checksum;

      if (cases[i].repr != NULL)
        soup_message_headers_append (headers, "Repr-Digest", cases[i].repr);
      if (cases[i].content != NULL)
        soup_message_headers_append (headers, "Content-Digest", cases[i].content);
      if (cases[i].digest != NULL)
        soup_message_headers_append (headers, "Digest", cases[i].digest);
      if (cases[i].md5 != NULL)
        soup_message_headers_append (headers, "Content-MD5", cases[i].md5);

      if (bobbin_checksum_from_headers (headers, cases[i].status, &checksum))
        text = bobbin_checksum_to_string (&checksum);
      g_assert_cmpstr (text, ==, cases[i].parsed);
      soup_message_headers_unref (headers);
    }
}

/* A field may come in several lines. */
static void
test_lines (void)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autofree char *text = NULL;
  BobbinChecksum checksum;

  soup_message_headers_append (headers, "Repr-Digest", "md5=:" NONE_MD5 ":");
  soup_message_headers_append (headers, "repr-digest", "sha-256=:" HELLO_SHA256 ":");
  g_assert_true (bobbin_checksum_from_headers (headers, 206, &checksum));
  text = bobbin_checksum_to_string (&checksum);
  g_assert_cmpstr (text, ==, HELLO_SHA256_TEXT);
  soup_message_headers_unref (headers);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/checksum/parse", test_parse);
  g_test_add_func ("/checksum/parse-wrong", test_parse_wrong);
  g_test_add_func ("/checksum/equal", test_equal);
  g_test_add_func ("/checksum/dictionary", test_dictionary);
  g_test_add_func ("/checksum/digest", test_digest);
  g_test_add_func ("/checksum/content-md5", test_content_md5);
  g_test_add_func ("/checksum/headers", test_headers);
  g_test_add_func ("/checksum/lines", test_lines);

  return g_test_run ();
}
