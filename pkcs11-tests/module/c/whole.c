/* whole.c MODULE: every function of the newest list, first each with nothing, then as a program uses them, in one
 * thread. Made for a watchful run: what is allocated is freed, what is read was written, and no thread is ever made. */
#define _GNU_SOURCE
#include <dirent.h>
#include <string.h>
#include "functions.h"

enum {
    GET_SLOT_INFO = 5, GET_TOKEN_INFO = 6, GET_MECHANISM_LIST = 7, GET_MECHANISM_INFO = 8, CLOSE_SESSION = 13,
    CLOSE_ALL_SESSIONS = 14, GET_SESSION_INFO = 15, LOGOUT = 19, CREATE_OBJECT = 20, COPY_OBJECT = 21,
    DESTROY_OBJECT = 22, GET_OBJECT_SIZE = 23, GET_ATTRIBUTE_VALUE = 24, SET_ATTRIBUTE_VALUE = 25, DIGEST_INIT = 37,
    DIGEST_UPDATE = 39, DIGEST_FINAL = 41, SIGN_UPDATE = 44, SIGN_FINAL = 45, VERIFY_INIT = 48,
    VERIFY = 49, GET_INTERFACE_LIST = 68, GET_INTERFACE = 69, SESSION_CANCEL = 71, MESSAGE_SIGN_INIT = 82, SIGN_MESSAGE = 83,
    MESSAGE_SIGN_FINAL = 86, VERIFY_SIGNATURE_INIT = 94, VERIFY_SIGNATURE = 95, FUNCTIONS = 104
};
enum {
    DATA = 0, PUBLIC_KEY = 2, ATTRIBUTE_LABEL = 3, VALUE = 0x11, ECDSA_SHA384 = 0x1045,
    SHA384 = 0x260, NO_EVENT = 8, NO_FLAGS = 0, DONT_BLOCK = 1, READ_WRITE = 6, CANCEL_ALL = 0x3ffffff,
    BUFFER_TOO_SMALL = 0x150, SIGNATURE_INVALID = 0xc0, CONTEXT_SPECIFIC = 2
};

struct newest {
    unsigned char version[2];
    function at[FUNCTIONS];
};
struct interface { const char *name; struct newest *list; number flags; };

static struct newest *module;

static number threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    number count = 0;
    struct dirent *entry;
    while ((entry = readdir(tasks)))
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

/* Every function that takes a session or a slot, with this for it and nothing else; not those that would do as told. */
static void each_with(number first)
{
    int place;
    for (place = GET_SLOT_LIST; place < FUNCTIONS; place++) {
        if (place == CLOSE_SESSION || place == CLOSE_ALL_SESSIONS || place == LOGOUT ||
            place == WAIT_FOR_SLOT_EVENT || place == GET_INTERFACE_LIST || place == GET_INTERFACE)
            continue;
        module->at[place](first, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        EXPECT(threads(), 1);
    }
}

static number object(number session, number class)
{
    struct attribute template = {CLASS, &class, sizeof class};
    number found = 0, count = 0;
    EXPECT(module->at[FIND_OBJECTS_INIT](session, &template, (number)1), OK);
    EXPECT(module->at[FIND_OBJECTS](session, &found, (number)1, &count), OK);
    EXPECT(module->at[FIND_OBJECTS_FINAL](session), OK);
    EXPECT(count, 1);
    return found;
}

/* All attributes of all objects, in buffers of their length. */
static void read_objects(number session)
{
    number found[32], count = 0, place, type, size;
    EXPECT(module->at[FIND_OBJECTS_INIT](session, NULL, (number)0), OK);
    EXPECT(module->at[FIND_OBJECTS](session, found, (number)32, &count), OK);
    EXPECT(module->at[FIND_OBJECTS_FINAL](session), OK);
    EXPECT(count >= 5, 1);
    for (place = 0; place < count; place++) {
        EXPECT(module->at[GET_OBJECT_SIZE](session, found[place], &size), OK);
        for (type = 0; type < 0x700; type++) {
            struct attribute asked = {type, NULL, 0};
            if (module->at[GET_ATTRIBUTE_VALUE](session, found[place], &asked, (number)1) != OK)
                continue;
            asked.value = malloc(asked.length + 1);
            EXPECT(module->at[GET_ATTRIBUTE_VALUE](session, found[place], &asked, (number)1), OK);
            free(asked.value);
        }
    }
}

static void sign_and_verify(number session, int asks, const char *pin)
{
    unsigned char data[100], signature[96], digest[48];
    struct mechanism ecdsa = {ECDSA_SHA384, NULL, 0}, sha = {SHA384, NULL, 0};
    number key = object(session, PRIVATE_KEY), public = object(session, PUBLIC_KEY), length = sizeof signature;
    memset(data, 7, sizeof data);
    EXPECT(module->at[SIGN_INIT](session, &ecdsa, key), OK);
    if (asks)
        EXPECT(module->at[LOGIN](session, (number)CONTEXT_SPECIFIC, pin, (number)strlen(pin)), OK);
    EXPECT(module->at[SIGN](session, data, (number)sizeof data, NULL, &length), OK);
    EXPECT(length, 96);
    length = 95;
    EXPECT(module->at[SIGN](session, data, (number)sizeof data, signature, &length), BUFFER_TOO_SMALL);
    EXPECT(module->at[SIGN](session, data, (number)sizeof data, signature, &length), OK);
    EXPECT(module->at[VERIFY_INIT](session, &ecdsa, public), OK);
    EXPECT(module->at[VERIFY](session, data, (number)sizeof data, signature, length), OK);
    EXPECT(module->at[VERIFY_SIGNATURE_INIT](session, &ecdsa, public, signature, length), OK);
    EXPECT(module->at[VERIFY_SIGNATURE](session, data, (number)sizeof data - 1), SIGNATURE_INVALID);
    EXPECT(module->at[SIGN_INIT](session, &ecdsa, key), OK);
    if (asks)
        EXPECT(module->at[LOGIN](session, (number)CONTEXT_SPECIFIC, pin, (number)strlen(pin)), OK);
    EXPECT(module->at[SIGN_UPDATE](session, data, (number)50), OK);
    EXPECT(module->at[SIGN_FINAL](session, signature, &length), OK);
    EXPECT(module->at[DIGEST_INIT](session, &sha), OK);
    EXPECT(module->at[DIGEST_UPDATE](session, data, (number)50), OK);
    length = sizeof digest;
    EXPECT(module->at[DIGEST_FINAL](session, digest, &length), OK);
    if (asks)
        return;
    EXPECT(module->at[MESSAGE_SIGN_INIT](session, &ecdsa, key), OK);
    length = sizeof signature;
    EXPECT(module->at[SIGN_MESSAGE](session, NULL, (number)0, data, (number)9, signature, &length), OK);
    EXPECT(module->at[MESSAGE_SIGN_FINAL](session), OK);
}

/* An object of the session: made, copied, changed, destroyed, and one that is left behind. */
static void make_objects(number session)
{
    number class = DATA, first, second;
    char label[] = "label", value[] = "value";
    struct attribute template[] = {{CLASS, &class, sizeof class}, {ATTRIBUTE_LABEL, label, 5}, {VALUE, value, 5}};
    EXPECT(module->at[CREATE_OBJECT](session, template, (number)3, &first), OK);
    EXPECT(module->at[COPY_OBJECT](session, first, template + 1, (number)1, &second), OK);
    EXPECT(module->at[SET_ATTRIBUTE_VALUE](session, second, template + 2, (number)1), OK);
    EXPECT(module->at[DESTROY_OBJECT](session, first), OK);
}

/* What programs ask about a slot. */
static void look_at(number slot)
{
    unsigned char info[512];
    number mechanisms[64], count = 64, place;
    EXPECT(module->at[GET_SLOT_INFO](slot, info), OK);
    EXPECT(module->at[GET_TOKEN_INFO](slot, info), OK);
    EXPECT(module->at[GET_MECHANISM_LIST](slot, mechanisms, &count), OK);
    for (place = 0; place < count; place++)
        EXPECT(module->at[GET_MECHANISM_INFO](slot, mechanisms[place], info), OK);
}

static void use(const char *pin, number slot, int asks)
{
    unsigned char info[512];
    number session;
    look_at(slot);
    EXPECT(module->at[OPEN_SESSION](slot, (number)READ_WRITE, NULL, NULL, &session), OK);
    EXPECT(module->at[LOGIN](session, (number)USER, pin, (number)strlen(pin)), OK);
    EXPECT(module->at[GET_SESSION_INFO](session, info), OK);
    read_objects(session);
    sign_and_verify(session, asks, pin);
    make_objects(session);
    each_with(session);
    EXPECT(module->at[SESSION_CANCEL](session, (number)CANCEL_ALL), OK);
    EXPECT(module->at[LOGOUT](session), OK);
    EXPECT(module->at[CLOSE_SESSION](session), OK);
}

int main(int count, char **arguments)
{
    struct interface *interface = NULL;
    function get;
    number round, slots[16], slot, found;
    if (count != 2)
        return 2;
    *(void **)&get = dlsym(dlopen(arguments[1], RTLD_NOW), "C_GetInterface");
    EXPECT(get(NULL, NULL, &interface, (number)NO_FLAGS), OK);
    module = interface->list;
    each_with(0);
    for (round = 0; round < 2; round++) {
        EXPECT(module->at[INITIALIZE](NULL), OK);
        each_with(0);
        found = 16;
        EXPECT(module->at[GET_SLOT_LIST](1, slots, &found), OK);
        EXPECT(found, 2);
        use(PIN1, slots[0], 0);
        use(PIN2, slots[1], 1);
        EXPECT(module->at[WAIT_FOR_SLOT_EVENT]((number)DONT_BLOCK, &slot, NULL), NO_EVENT);
        EXPECT(module->at[CLOSE_ALL_SESSIONS](slots[0]), OK);
        EXPECT(module->at[FINALIZE](NULL), OK);
        EXPECT(threads(), 1);
    }
    return 0;
}
