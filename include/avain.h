/* avain.h: what a C program may rely on when it meets Avain's tokens.
 *
 * Avain is a PKCS#11 module for national identity cards. It needs no header of its own: use the PKCS#11 header you
 * have. This one names the labels and identifiers that stay as they are between versions, so that a program can
 * find the right token and key without asking the user. Values of PKCS#11 itself are not repeated here.
 *
 * Each PIN of a card is a token in a slot of its own: to use a key, open a session on the token of its PIN. The
 * certificate, the public key and the private key that belong together share their CKA_ID, which is one byte.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef AVAIN_H
#define AVAIN_H

/* Token labels (CK_TOKEN_INFO.label), to be padded with blanks to 32 bytes before they are compared. */

/* Finnish identity card (FINEID), PIN1: authentication. */
#define AVAIN_LABEL_FINEID_PIN1 "FINEID (PIN1)"
/* Finnish identity card (FINEID), PIN2: qualified signatures. */
#define AVAIN_LABEL_FINEID_PIN2 "FINEID (PIN2)"

/* CKA_ID values. */

/* The authentication key: on the token of PIN1. */
#define AVAIN_ID_AUTHENTICATION 0x45
/* The qualified signature key: on the token of PIN2. It has CKA_ALWAYS_AUTHENTICATE: before each signature, PIN2
 * by C_Login with CKU_CONTEXT_SPECIFIC. */
#define AVAIN_ID_SIGNATURE 0x46
/* Cards issued until March 2023 have a second signature key, on curve P-256; as the first in all else. */
#define AVAIN_ID_SIGNATURE_EC 0x47

/* Vendor-defined values: none is in use. Should there be any, they will be offered through an interface of this
 * name (C_GetInterface), and numbered from CKx_VENDOR_DEFINED with this base added, in every class of values. */
#define AVAIN_INTERFACE "Vendor avain"
#define AVAIN_VENDOR_BASE 0x4156414EUL /* "AVAN" */

#endif /* AVAIN_H */
