/* certify as a C library: what the executable `certify` says of a network, without a process.
 *
 *   int status;
 *   char *reply = certify_check(bytes, size, "{\"manifest\": \"[network]\\nform = ...\"}", &status);
 *   puts(reply);
 *   certify_free(reply);
 *
 * Three functions judge. Each takes a model, options as one JSON object, and gives one JSON object as text that ends
 * with NUL: the very line that `certify check|inspect|verify --format json` prints. A request that cannot be carried
 * out gives {"schema": "certify.error/v1", "kind": "usage" or "internal-error", "status": 4 or 2, "message": ...}.
 *
 * model, size   the bytes of a checkpoint in any format that certify reads; they are copied. With model = NULL and
 *               size = 0 the file that the option "model" names is read.
 * options       UTF-8, one JSON object; NULL is {}. Members, all optional, others are errors:
 *                 "model"         text: the path of the model, or what the reply calls the bytes ("model")
 *                 "manifest"      text: the TOML that says what the tensors mean, in place of every other description
 *                 "manifestName"  text: what messages call it
 *                 "step"          number, or text such as "3/10": the step of the map that runs
 *                 "scheme"        text: euler, semi-implicit, exponential, implicit, split
 *               of certify_check:
 *                 "scope"         "continuous" or "as-run": judge only that
 *                 "rate"          number: status 1 unless every verdict certifies at least this rate
 *                 "tube"          text: float32, float16, bfloat16, float64
 *                 "certificates"  text: the folder under which a certificate is written
 *               of certify_verify:
 *                 "certificate"   text, needed: the path of the certificate
 *               certify_inspect takes neither "step" nor "scheme".
 * status        where the exit status of the executable goes; may be NULL: 0 certified (or listed, or verified),
 *               1 refuted or a rate not met, 2 internal error, 3 rejected input, 4 usage, 5 undecided.
 *
 * The functions may be called from any thread at any time, from several at once. They work on threads of their own,
 * with all signals blocked, and write nothing but the certificate asked for. They change no floating-point mode: on a
 * thread that rounds otherwise than to nearest, or flushes subnormal numbers to zero, they refuse (usage). While one
 * runs, OpenBLAS works with one thread in the whole process. They do not work in a process that was forked after a
 * call. A result is NULL only where memory is lacking.
 */
#ifndef CERTIFY_H
#define CERTIFY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Judges a network: as a flow in continuous time, and as the map that runs. */
char *certify_check(const uint8_t *model, size_t size, const char *options, int32_t *status);

/* Lists tensors and shapes, and what the model is taken for. */
char *certify_inspect(const uint8_t *model, size_t size, const char *options, int32_t *status);

/* Checks a certificate again for a model, with the trusted kernel alone. */
char *certify_verify(const uint8_t *model, size_t size, const char *options, int32_t *status);

/* Gives a reply back; NULL is allowed. */
void certify_free(char *reply);

/* The version, such as "0.1.0"; it is not given back. */
const char *certify_version(void);

#ifdef __cplusplus
}
#endif

#endif
