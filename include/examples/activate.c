/* activate.c: shows the state of the cards, and activates one of them.
 *
 *     cc -o activate activate.c $(pkg-config --cflags p11-kit-1) -ldl
 *     ./activate /usr/local/lib/pkcs11/avain-pkcs11.so                 shows every card
 *     ./activate /usr/local/lib/pkcs11/avain-pkcs11.so set             asks for code, PIN1 and PIN2, and sets them
 *
 * If you enter no PIN, that PIN stays as it is. "last-try" after "set" permits spending the last try. Entries are read
 * from standard input, one per line, and never from the arguments, which everybody on the system can read.
 *
 * Any PKCS#11 header will do. You may copy and change this file for any purpose.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

#include <avain.h>

enum { MOST_SLOTS = 64, LONGEST = 64 };

static void number(const char *what, unsigned long value)
{
    if (value == AVAIN_UNKNOWN)
        printf("%s unknown", what);
    else
        printf("%s %lu", what, value);
}

static const char *stage(unsigned long value)
{
    switch (value) {
    case AVAIN_STAGE_READY: return "ready";
    case AVAIN_STAGE_USABLE: return "usable";
    case AVAIN_STAGE_FRESH: return "still the transport code";
    case AVAIN_STAGE_UNSET: return "never set";
    case AVAIN_STAGE_UNSET_OR_LOCKED: return "never set, or locked";
    case AVAIN_STAGE_LOCKED: return "locked";
    default: return "unknown";
    }
}

static const char *activation(unsigned long value)
{
    switch (value) {
    case AVAIN_ACTIVATION_OPEN: return "open";
    case AVAIN_ACTIVATION_PARTLY: return "partly done";
    case AVAIN_ACTIVATION_DONE: return "done";
    default: return "unknown";
    }
}

static const char *scheme(unsigned long value)
{
    switch (value) {
    case AVAIN_SCHEME_ACTIVATION_PIN: return "activation PIN";
    case AVAIN_SCHEME_TRANSPORT_CODE: return "transport code";
    default: return "unknown";
    }
}

static const char *next(unsigned long value)
{
    switch (value) {
    case AVAIN_NEXT_NOTHING: return "nothing";
    case AVAIN_NEXT_ACTIVATE: return "activate";
    case AVAIN_NEXT_UNBLOCK_PIN1: return "unblock PIN1";
    case AVAIN_NEXT_UNBLOCK_PIN2: return "unblock PIN2";
    case AVAIN_NEXT_LOST: return "nothing helps";
    default: return "unknown";
    }
}

static void show_pin(const char *name, const AVAIN_PIN_STATUS *pin)
{
    printf("  %s: %s, ", name, stage(pin->ulStage));
    number("tries", pin->ulTriesLeft);
    number(" of", pin->ulTriesMost);
    putchar('\n');
}

static void show(unsigned long slot, const AVAIN_CARD_STATUS *status)
{
    printf("card in slot %lu\n", slot);
    show_pin("PIN1", &status->pin1);
    show_pin("PIN2", &status->pin2);
    number("  code: tries", status->ulCodeTriesLeft);
    number(" of", status->ulCodeTriesMost);
    printf("\n  activation: %s\n  scheme: %s\n  next: %s\n", activation(status->ulActivation),
           scheme(status->ulScheme), next(status->ulNext));
}

static const char *outcome(unsigned long rv)
{
    switch (rv) {
    case CKR_OK: return "set";
    case CKR_PIN_INCORRECT: return "the code is wrong";
    case CKR_PIN_LOCKED: return "blocked";
    case CKR_PIN_LEN_RANGE: return "the new PIN is too short or too long";
    case CKR_PIN_INVALID: return "the new PIN is not made of digits, or is the code";
    case CKR_FUNCTION_REJECTED: return "one try is left: say last-try to spend it";
    case CKR_TOKEN_NOT_PRESENT: return "no card";
    case CKR_TOKEN_NOT_RECOGNIZED: return "a card that is not known";
    default: return "failed";
    }
}

static void progress(const AVAIN_STEP *step, void *context)
{
    (void)context;
    printf("PIN%lu: %s, ", step->ulPin, outcome(step->rv));
    number("tries of the code", step->ulTriesLeft);
    putchar('\n');
}

/* One entry. Nothing is kept in a buffer of the C library, and nothing is shown on a terminal. */
static unsigned long entry(const char *question, unsigned char *line)
{
    struct termios shown, hidden;
    int terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
    unsigned long length = 0;
    unsigned char c;
    if (terminal) {
        fprintf(stderr, "%s: ", question);
        hidden = shown;
        hidden.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
        if (length < LONGEST)
            line[length++] = c;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    return length;
}

static unsigned long set(const AVAIN_FUNCTION_LIST *avain, unsigned long slot, unsigned long flags)
{
    unsigned char code[LONGEST], pin1[LONGEST], pin2[LONGEST];
    AVAIN_ACTIVATION wish;
    unsigned long rv;
    memset(&wish, 0, sizeof wish);
    wish.ulSize = sizeof wish;
    wish.flags = flags;
    wish.pfnProgress = progress;
    wish.pCode = code;
    wish.ulCodeLen = entry("Code from the letter, or PUK", code);
    wish.ulPin1Len = entry("New PIN1", pin1);
    wish.pPin1 = wish.ulPin1Len ? pin1 : NULL;
    wish.ulPin2Len = entry("New PIN2", pin2);
    wish.pPin2 = wish.ulPin2Len ? pin2 : NULL;
    rv = avain->AVN_Activate(slot, &wish, NULL);
    explicit_bzero(code, sizeof code);
    explicit_bzero(pin1, sizeof pin1);
    explicit_bzero(pin2, sizeof pin2);
    return rv;
}

/* Shows the cards; with "set", sets the PINs of the first. */
static unsigned long cards(CK_FUNCTION_LIST *module, const AVAIN_FUNCTION_LIST *avain, int setting,
                           unsigned long flags)
{
    CK_SLOT_ID slots[MOST_SLOTS];
    CK_ULONG count = MOST_SLOTS, place;
    AVAIN_CARD_STATUS status;
    unsigned long rv = module->C_GetSlotList(CK_FALSE, NULL, &count);
    count = MOST_SLOTS;
    if (rv == CKR_OK)
        rv = module->C_GetSlotList(CK_TRUE, slots, &count);
    if (rv != CKR_OK)
        return rv;
    /* Every card has two slots, and all PIN1 slots come first: the first half of the list is all cards. */
    for (place = 0; place < count / 2; place++) {
        status.ulSize = sizeof status;
        rv = avain->AVN_GetCardStatus(slots[place], &status);
        if (rv != CKR_OK)
            return rv;
        show(slots[place], &status);
        if (setting)
            return set(avain, slots[place], flags);
    }
    return count ? CKR_OK : CKR_TOKEN_NOT_PRESENT;
}

int main(int count, char **arguments)
{
    CK_C_GetFunctionList get_list;
    AVAIN_GET_INTERFACE get_interface;
    CK_FUNCTION_LIST *module;
    AVAIN_CK_INTERFACE *interface;
    int setting = count > 2 && !strcmp(arguments[2], "set");
    int last_try = setting && count > 3 && !strcmp(arguments[3], "last-try");
    void *library = count > 1 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    unsigned long rv;
    if (!library) {
        fprintf(stderr, "%s\n", count > 1 ? dlerror() : "which module?");
        return 2;
    }
    *(void **)&get_list = dlsym(library, "C_GetFunctionList");
    *(void **)&get_interface = dlsym(library, "C_GetInterface");
    if (!get_list || !get_interface || get_list(&module) != CKR_OK ||
        get_interface(AVAIN_INTERFACE, NULL, &interface, 0) != CKR_OK) {
        fprintf(stderr, "%s has no interface \"%s\"\n", arguments[1], AVAIN_INTERFACE);
        return 2;
    }
    rv = module->C_Initialize(NULL);
    if (rv == CKR_OK) {
        rv = cards(module, interface->list, setting, last_try ? AVAIN_USE_LAST_TRY : 0);
        module->C_Finalize(NULL);
    }
    if (rv != CKR_OK)
        fprintf(stderr, "%s (%#lx)\n", outcome(rv), rv);
    return rv != CKR_OK;
}
