/* avain.h: what C programs can rely on when they use Avain.
 *
 * Avain is a PKCS#11 module for national identity cards. To use the keys you do not need this header; any PKCS#11
 * header will do. This one defines the labels and identifiers that stay the same between versions, so that a program
 * can find the right token and key without asking the user, and declares the interface that activates a card. It does
 * not repeat values of PKCS#11, needs no other header, and works with any: unsigned long is what PKCS#11 calls CK_RV,
 * CK_ULONG, CK_FLAGS and CK_SLOT_ID.
 *
 * Each PIN of a card is a token in a slot of its own: to use a key, open a session on the token of its PIN. A
 * certificate, public key and private key that belong together have the same CKA_ID, which is one byte on the cards
 * named below.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef AVAIN_H
#define AVAIN_H

/* Token labels (CK_TOKEN_INFO.label). Pad them with blanks to 32 bytes before comparing. */

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
/* Lithuanian identity card: the PIN, and that of the signature key, which is kept equal to it. */
#define AVAIN_LABEL_LTEID_PIN "LTEID (PIN)"
#define AVAIN_LABEL_LTEID_QES_PIN "LTEID (QES PIN)"
/* Belgian identity card: one PIN, and one token with both keys. */
#define AVAIN_LABEL_BELPIC "BELPIC"
/* Any other card that describes itself (ISO 7816-15). The labels and identifiers of its keys are those on the card, as
 * those of Lithuanian cards are;
 * identifiers are up to 20 bytes long. */
#define AVAIN_LABEL_PKCS15_PIN1 "PKCS15 (PIN1)"
#define AVAIN_LABEL_PKCS15_PIN2 "PKCS15 (PIN2)"

/* CKA_ID values of Finnish identity cards. */

/* The authentication key, on the token of PIN1. */
#define AVAIN_ID_AUTHENTICATION 0x45
/* The qualified signature key, on the token of PIN2. It has CKA_ALWAYS_AUTHENTICATE: give PIN2 before each signature,
 * by C_Login with CKU_CONTEXT_SPECIFIC. */
#define AVAIN_ID_SIGNATURE 0x46
/* Cards issued until March 2023 have a second signature key, on curve P-256. It is used like the first. */
#define AVAIN_ID_SIGNATURE_EC 0x47

/* CKA_ID values of Estonian and Latvian cards, and of Belgian cards. */
#define AVAIN_ID_BALTIC_AUTHENTICATION 0x01
#define AVAIN_ID_BALTIC_SIGNATURE 0x02
#define AVAIN_ID_BELPIC_AUTHENTICATION 0x02
#define AVAIN_ID_BELPIC_SIGNATURE 0x03

/* Vendor-defined values of PKCS#11 (CKx_VENDOR_DEFINED): none is in use. Future ones will start at
 * CKx_VENDOR_DEFINED + AVAIN_VENDOR_BASE, in every class of values. */
#define AVAIN_VENDOR_BASE 0x4156414EUL /* "AVAN" */

/* --- The vendor interface ---
 *
 * C_GetInterface(AVAIN_INTERFACE, NULL, &interface, 0) returns it. examples/activate.c is a complete program.
 *
 * It offers what PKCS#11 does not: how many tries are left, what has to be done with a card, and setting both PINs at
 * once. A slot is a CK_SLOT_ID of C_GetSlotList; either slot of a card stands for the card. No session is needed. Both
 * functions work between C_Initialize and C_Finalize and return PKCS#11 return values. Those that any function may return
 * (CKR_ARGUMENTS_BAD, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT,
 * CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR ...) are not repeated below.
 *
 * Compatibility: version is that of the function list. Later versions with the same major number add functions at the
 * end of the list, and members at the end of the structures that begin with ulSize. Set ulSize to the sizeof of the
 * structure. A size smaller than in version 1.0 is CKR_ARGUMENTS_BAD. In a structure that it fills in, the module sets
 * ulSize to the size that it knows. In a structure that the program fills in, it ignores members that it does not know,
 * but an unknown flag is CKR_ARGUMENTS_BAD. The other structures never change. */
#define AVAIN_INTERFACE "Vendor avain"

/* A number that the card does not report, or a step that was not started: CK_UNAVAILABLE_INFORMATION. */
#define AVAIN_UNKNOWN (~0UL)

/* The state of a PIN. */
#define AVAIN_STAGE_READY 1UL           /* its holder has set it */
#define AVAIN_STAGE_USABLE 2UL          /* it has tries left; the card does not report whether its holder has set it */
#define AVAIN_STAGE_FRESH 3UL           /* it is still the one from the letter, and must be changed */
#define AVAIN_STAGE_UNSET 4UL           /* blocked, and never set */
#define AVAIN_STAGE_UNSET_OR_LOCKED 5UL /* blocked; the card does not report whether it was ever set */
#define AVAIN_STAGE_LOCKED 6UL          /* its holder has set it, and it is blocked */

typedef struct AVAIN_PIN_STATUS {
    unsigned long ulTriesLeft; /* 0: blocked */
    unsigned long ulTriesMost; /* after a correct PIN */
    unsigned long ulChanged;   /* 1: changed since the card was made; 0: never */
    unsigned long ulStage;     /* AVAIN_STAGE_..., or AVAIN_UNKNOWN */
} AVAIN_PIN_STATUS;

/* Whether a card has been activated. */
#define AVAIN_ACTIVATION_OPEN 1UL   /* neither PIN has been set */
#define AVAIN_ACTIVATION_PARTLY 2UL /* one PIN has been set */
#define AVAIN_ACTIVATION_DONE 3UL   /* both have been set, as far as the card reports */

/* Which code from the letter sets the PINs that have not been set yet. A card on which both transport codes were
 * mistyped until they were blocked looks like a card of the old scheme. A PUK, which is as long, works for it as well. */
#define AVAIN_SCHEME_ACTIVATION_PIN 1UL /* 8 to 12 digits; the activation PIN is the PUK */
#define AVAIN_SCHEME_TRANSPORT_CODE 2UL /* 7 digits; both PINs are set to it */

/* What has to be done next. */
#define AVAIN_NEXT_NOTHING 1UL
#define AVAIN_NEXT_ACTIVATE 2UL     /* set the PINs that are AVAIN_STAGE_FRESH, _UNSET or _UNSET_OR_LOCKED; if ulScheme
                                     * is AVAIN_UNKNOWN (Estonian cards), with C_SetPIN or with the PUK */
#define AVAIN_NEXT_UNBLOCK_PIN1 3UL /* set PIN1 with the PUK */
#define AVAIN_NEXT_UNBLOCK_PIN2 4UL
#define AVAIN_NEXT_LOST 5UL         /* the PUK is blocked too, or there is none: no program can help */

typedef struct AVAIN_CARD_STATUS {
    unsigned long ulSize;
    AVAIN_PIN_STATUS pin1;
    AVAIN_PIN_STATUS pin2;
    unsigned long ulCodeTriesLeft; /* of the activation PIN or PUK; a transport code has the tries of its PIN */
    unsigned long ulCodeTriesMost;
    unsigned long ulActivation; /* AVAIN_ACTIVATION_... */
    unsigned long ulScheme;     /* AVAIN_SCHEME_..., or AVAIN_UNKNOWN, also if all PINs have been set */
    unsigned long ulNext;       /* AVAIN_NEXT_... */
} AVAIN_CARD_STATUS;

/* The result for one PIN.
 *
 * CKR_OK                  the PIN is set, and has all its tries
 * CKR_PIN_INCORRECT       the code is wrong; or it was not sent, and no try was spent, because it cannot be right for
 *                         this card in its present state, or because the card has refused it before
 * CKR_PIN_LOCKED          the code, or the PIN that a transport code should have set, is blocked
 * CKR_PIN_LEN_RANGE       the new PIN is too short or too long
 * CKR_PIN_INVALID         the new PIN contains other characters than digits, or is the code itself
 * CKR_TOKEN_WRITE_PROTECTED  programs do not set PINs on such a card; nothing was sent
 * CKR_FUNCTION_REJECTED   one try is left, and AVAIN_USE_LAST_TRY was not given; nothing was sent
 * CKR_DEVICE_ERROR        the card refused the new PIN, or its answer was unclear; no try was spent, as far as it tells
 * CKR_DEVICE_REMOVED      the answer did not arrive: ask AVN_GetCardStatus for the state of the PIN
 * AVAIN_UNKNOWN           the PIN was not to be set, or an earlier step failed */
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

/* Called after each step. The card is locked meanwhile, so the function must return soon, and must not call the module
 * or leave by an exception or longjmp. */
typedef void (*AVAIN_PROGRESS)(const AVAIN_STEP *step, void *context);

/* Permits spending the last try. If the code is wrong, the PIN is blocked, or the card is lost for ever. */
#define AVAIN_USE_LAST_TRY 1UL

typedef struct AVAIN_ACTIVATION {
    unsigned long ulSize;
    unsigned long flags;        /* 0 or AVAIN_USE_LAST_TRY */
    const unsigned char *pCode; /* transport code, activation PIN or PUK; its length decides which */
    unsigned long ulCodeLen;
    const unsigned char *pPin1; /* digits, like all codes and PINs; NULL and 0: PIN1 stays as it is */
    unsigned long ulPin1Len;
    const unsigned char *pPin2; /* NULL and 0: PIN2 stays as it is */
    unsigned long ulPin2Len;
    AVAIN_PROGRESS pfnProgress; /* or NULL */
    void *pContext;             /* for pfnProgress */
} AVAIN_ACTIVATION;

typedef struct AVAIN_FUNCTION_LIST {
    unsigned char version[2]; /* a CK_VERSION; 1, 0 */

    /* Asks the card for the state of its PINs. Spends no try. */
    unsigned long (*AVN_GetCardStatus)(unsigned long slot, AVAIN_CARD_STATUS *status);

    /* Sets PIN1, then PIN2, with the code: activates a new card, or unblocks or replaces a PIN. Ask the user for
     * everything before the call: all entries are checked before anything is sent, and the card is locked only for the
     * fraction of a second that the commands take. The first failure ends the call and is its return value. result,
     * which may be NULL, has the result for each PIN in that case too; it is left unchanged if the arguments are bad.
     *
     * Like C_InitPIN, it does what it is told: a PUK also sets a PIN that is not blocked, unless it is
     * AVAIN_STAGE_FRESH: then the letter has a transport code. Ask AVN_GetCardStatus first.
     * Nothing is entered on the keypad of a reader: NULL for the code or for both PINs is CKR_ARGUMENTS_BAD there too,
     * because NULL for a PIN says that it stays as it is. Where a token has CKF_PROTECTED_AUTHENTICATION_PATH, its PIN
     * is set on the keypad by C_Login(CKU_SO) and C_InitPIN, each with NULL; C_SetPIN takes a transport code so.
     *
     * A login with a PIN that was set ends, as by C_Logout; other logins and all sessions stay. The module keeps none
     * of the entries; wipe yours. */
    unsigned long (*AVN_Activate)(unsigned long slot, const AVAIN_ACTIVATION *activation, AVAIN_RESULT *result);
} AVAIN_FUNCTION_LIST;

/* CK_INTERFACE and C_GetInterface, for programs with a PKCS#11 header older than version 3.0. */
typedef struct AVAIN_CK_INTERFACE {
    const unsigned char *name;
    const AVAIN_FUNCTION_LIST *list;
    unsigned long flags;
} AVAIN_CK_INTERFACE;
typedef unsigned long (*AVAIN_GET_INTERFACE)(const char *name, const unsigned char version[2],
                                             AVAIN_CK_INTERFACE **found, unsigned long flags);

#endif /* AVAIN_H */
