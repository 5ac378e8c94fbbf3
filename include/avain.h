/* avain.h: what a C program may rely on when it meets Avain's tokens.
 *
 * Avain is a PKCS#11 module for national identity cards. To use its keys no header of its own is needed: use the
 * PKCS#11 header you have. This one names the labels and identifiers that stay as they are between versions, so that
 * a program can find the right token and key without asking the user; and it declares the interface by which a
 * program activates a card. Values of PKCS#11 itself are not repeated here. It needs no other header, and goes with
 * any: unsigned long is what PKCS#11 calls CK_RV, CK_ULONG, CK_FLAGS and CK_SLOT_ID.
 *
 * Each PIN of a card is a token in a slot of its own: to use a key, open a session on the token of its PIN. The
 * certificate, the public key and the private key that belong together share their CKA_ID, which is one byte on the cards
 * that are named below.
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
/* Estonian identity card, digi-ID, e-Residency card. */
#define AVAIN_LABEL_ESTEID_PIN1 "ESTEID (PIN1)"
#define AVAIN_LABEL_ESTEID_PIN2 "ESTEID (PIN2)"
/* Latvian identity card. */
#define AVAIN_LABEL_LATEID_PIN1 "LatEID (PIN1)"
#define AVAIN_LABEL_LATEID_PIN2 "LatEID (PIN2)"
/* Belgian identity card: one PIN, and one token with both keys. */
#define AVAIN_LABEL_BELPIC "BELPIC (PIN)"
/* A card that no table knows, and that describes itself (ISO 7816-15): of it the labels and identifiers of the keys are
 * those that the card gives, the latter up to 20 bytes long. */
#define AVAIN_LABEL_PKCS15_PIN1 "PKCS15 (PIN1)"
#define AVAIN_LABEL_PKCS15_PIN2 "PKCS15 (PIN2)"

/* CKA_ID values of Finnish identity cards. */

/* The authentication key: on the token of PIN1. */
#define AVAIN_ID_AUTHENTICATION 0x45
/* The qualified signature key: on the token of PIN2. It has CKA_ALWAYS_AUTHENTICATE: before each signature, PIN2
 * by C_Login with CKU_CONTEXT_SPECIFIC. */
#define AVAIN_ID_SIGNATURE 0x46
/* Cards issued until March 2023 have a second signature key, on curve P-256; as the first in all else. */
#define AVAIN_ID_SIGNATURE_EC 0x47

/* CKA_ID values of Estonian and Latvian cards, and of Belgian ones: authentication and signature. */
#define AVAIN_ID_BALTIC_AUTHENTICATION 0x01
#define AVAIN_ID_BALTIC_SIGNATURE 0x02
#define AVAIN_ID_BELPIC_AUTHENTICATION 0x02
#define AVAIN_ID_BELPIC_SIGNATURE 0x03

/* Vendor-defined values of PKCS#11 (CKx_VENDOR_DEFINED): none is in use. Should there be any, they will be numbered
 * from there with this base added, in every class of values. */
#define AVAIN_VENDOR_BASE 0x4156414EUL /* "AVAN" */

/* --- The vendor interface ---
 *
 * C_GetInterface(AVAIN_INTERFACE, NULL, &interface, 0) gives it. examples/activate.c is a whole program.
 *
 * It says what PKCS#11 cannot: how many tries are left, what is to be done with a card, and it sets both PINs at once.
 * A slot is a CK_SLOT_ID of C_GetSlotList; either slot of a card stands for the card. No session is needed.
 * Both functions work between C_Initialize and C_Finalize and give return values of PKCS#11; those of them that any
 * function may give (CKR_ARGUMENTS_BAD, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT,
 * CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR ...) are not repeated below.
 *
 * Growth: version is that of the list. Later versions with the same first number have more functions at the end of
 * the list, and more members at the end of the structures that begin with ulSize. Set ulSize to the sizeof of the
 * structure. A size smaller than that of version 1.0 is CKR_ARGUMENTS_BAD. Where the module fills a structure in, it
 * sets ulSize to as much as it knows of it. Of a structure that the program fills in, it does not read what it does
 * not know; but a flag that it does not know is CKR_ARGUMENTS_BAD. The other structures never grow. */
#define AVAIN_INTERFACE "Vendor avain"

/* A number that the card does not tell, or a step that was not begun: CK_UNAVAILABLE_INFORMATION. */
#define AVAIN_UNKNOWN (~0UL)

/* How a PIN stands. */
#define AVAIN_STAGE_READY 1UL           /* its holder set it */
#define AVAIN_STAGE_USABLE 2UL          /* it has tries left, and the card does not tell whether its holder set it */
#define AVAIN_STAGE_FRESH 3UL           /* it is still the one from the letter, and has to be changed */
#define AVAIN_STAGE_UNSET 4UL           /* blocked, and never set */
#define AVAIN_STAGE_UNSET_OR_LOCKED 5UL /* blocked, and the card does not tell whether it was ever set */
#define AVAIN_STAGE_LOCKED 6UL          /* its holder set it, and it is blocked */

typedef struct AVAIN_PIN_STATUS {
    unsigned long ulTriesLeft; /* 0: blocked */
    unsigned long ulTriesMost; /* of a PIN in good standing */
    unsigned long ulChanged;   /* 1: it was changed since the card was made; 0: never */
    unsigned long ulStage;     /* AVAIN_STAGE_..., or AVAIN_UNKNOWN */
} AVAIN_PIN_STATUS;

/* Whether a card was activated. */
#define AVAIN_ACTIVATION_OPEN 1UL   /* neither PIN was set */
#define AVAIN_ACTIVATION_PARTLY 2UL /* one of them */
#define AVAIN_ACTIVATION_DONE 3UL   /* both, as far as the card tells */

/* Which code from the letter sets the PINs that are still to be set. A card whose transport codes were both mistyped
 * until they were blocked looks like one of the old scheme; a PUK, which is as long, helps it as well. */
#define AVAIN_SCHEME_ACTIVATION_PIN 1UL /* 8 to 12 digits; the activation PIN is the PUK */
#define AVAIN_SCHEME_TRANSPORT_CODE 2UL /* 7 digits; both PINs are set to it */

/* What is to be done next. */
#define AVAIN_NEXT_NOTHING 1UL
#define AVAIN_NEXT_ACTIVATE 2UL     /* set the PINs that are not ready: AVAIN_STAGE_FRESH, _UNSET, _UNSET_OR_LOCKED;
                                     * with ulScheme AVAIN_UNKNOWN (Estonian cards) by C_SetPIN, or by the PUK */
#define AVAIN_NEXT_UNBLOCK_PIN1 3UL /* set PIN1 by the PUK */
#define AVAIN_NEXT_UNBLOCK_PIN2 4UL
#define AVAIN_NEXT_LOST 5UL         /* the PUK is blocked as well, or there is none: no program can help */

typedef struct AVAIN_CARD_STATUS {
    unsigned long ulSize;
    AVAIN_PIN_STATUS pin1;
    AVAIN_PIN_STATUS pin2;
    unsigned long ulCodeTriesLeft; /* of activation PIN or PUK; a transport code has the tries of the PIN */
    unsigned long ulCodeTriesMost;
    unsigned long ulActivation; /* AVAIN_ACTIVATION_... */
    unsigned long ulScheme;     /* AVAIN_SCHEME_..., or AVAIN_UNKNOWN; all PINs set: AVAIN_UNKNOWN */
    unsigned long ulNext;       /* AVAIN_NEXT_... */
} AVAIN_CARD_STATUS;

/* What became of one PIN.
 *
 * CKR_OK                  it is set, and has all its tries
 * CKR_PIN_INCORRECT       the code is wrong; or it cannot be right for this card as it stands, or the card refused it
 *                         before, and it was not sent: then no try is gone
 * CKR_PIN_LOCKED          the code, or the PIN that a transport code was to set, is blocked
 * CKR_PIN_LEN_RANGE       the new PIN is too short or too long
 * CKR_PIN_INVALID         the new PIN is not made of digits, or is the code itself
 * CKR_TOKEN_WRITE_PROTECTED  PINs of such a card are not set by programs; nothing was sent
 * CKR_FUNCTION_REJECTED   there is one try left, and AVAIN_USE_LAST_TRY was not given; nothing was sent
 * CKR_DEVICE_ERROR        the card refused the new PIN, or its answer was not clear
 * CKR_DEVICE_REMOVED      ... or did not come: AVN_GetCardStatus tells how the PIN stands
 * AVAIN_UNKNOWN           it was not to be set, or something went wrong before */
typedef struct AVAIN_STEP {
    unsigned long ulPin;       /* 1 or 2 */
    unsigned long rv;
    unsigned long ulTriesLeft; /* of the code */
} AVAIN_STEP;

typedef struct AVAIN_RESULT {
    unsigned long ulSize;
    AVAIN_STEP pin1;
    AVAIN_STEP pin2;
} AVAIN_RESULT;

/* Is told of each step as soon as it is done. The card is held meanwhile: it must return soon, not call the module,
 * and not leave by an exception or longjmp. */
typedef void (*AVAIN_PROGRESS)(const AVAIN_STEP *step, void *context);

/* The last try may be spent. If the code is wrong, the PIN is blocked, or the card is lost for ever. */
#define AVAIN_USE_LAST_TRY 1UL

typedef struct AVAIN_ACTIVATION {
    unsigned long ulSize;
    unsigned long flags;        /* 0 or AVAIN_USE_LAST_TRY */
    const unsigned char *pCode; /* transport code, activation PIN or PUK; its length tells which it is */
    unsigned long ulCodeLen;
    const unsigned char *pPin1; /* digits, as all codes and PINs; NULL and 0: PIN1 stays as it is */
    unsigned long ulPin1Len;
    const unsigned char *pPin2; /* NULL and 0: PIN2 stays as it is */
    unsigned long ulPin2Len;
    AVAIN_PROGRESS pfnProgress; /* or NULL */
    void *pContext;             /* for pfnProgress */
} AVAIN_ACTIVATION;

typedef struct AVAIN_FUNCTION_LIST {
    unsigned char version[2]; /* a CK_VERSION; 1, 0 */

    /* Asks the card how its PINs stand. Spends no try. */
    unsigned long (*AVN_GetCardStatus)(unsigned long slot, AVAIN_CARD_STATUS *status);

    /* Sets PIN1, then PIN2, by the code: activates a new card, or unblocks or replaces a PIN. Have all entries before
     * you call: they are checked before the card is touched, and the card is held for this alone, a fraction of a
     * second. The first failure ends it, and its return value is the call's. result, which may be NULL, tells what
     * became of each PIN also then; it stays untouched where the arguments were bad.
     *
     * It does what it is told, as C_InitPIN does: a PUK sets a PIN that needs nothing as well. Ask AVN_GetCardStatus
     * first. Whoever is logged in with a PIN that was set is so no longer, as after C_Logout; other logins and all
     * sessions stay. The module keeps no entry; wipe yours. */
    unsigned long (*AVN_Activate)(unsigned long slot, const AVAIN_ACTIVATION *activation, AVAIN_RESULT *result);
} AVAIN_FUNCTION_LIST;

/* CK_INTERFACE and C_GetInterface, for those whose PKCS#11 header is older than version 3.0. */
typedef struct AVAIN_CK_INTERFACE {
    const unsigned char *name;
    const AVAIN_FUNCTION_LIST *list;
    unsigned long flags;
} AVAIN_CK_INTERFACE;
typedef unsigned long (*AVAIN_GET_INTERFACE)(const char *name, const unsigned char version[2],
                                             AVAIN_CK_INTERFACE **found, unsigned long flags);

#endif /* AVAIN_H */
