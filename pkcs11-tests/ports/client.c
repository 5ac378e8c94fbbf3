/* Tests of the module in a program for another system than that which builds it.
 *
 * client TEST PIN1 PIN2: one of the tests below; without arguments, their names. The cards are in the PC/SC library beside
 * this program, which is told by its function fake_control what happens to them: FINEID in the first reader, a Latvian card in
 * the second. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "system.h"

/* A length that no object has. On Windows a pointer could reach as far. */
#define ENDLESS ((CK_ULONG)-1)

static void *module;
static CK_FUNCTION_LIST_PTR p11;
static CK_UTF8CHAR *pin1, *pin2;

static void fail(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

static void check(const char *call, CK_RV wanted, CK_RV got)
{
	if (got != wanted)
		fail("%s: 0x%lx, not 0x%lx", call, (unsigned long)got, (unsigned long)wanted);
}

#define MUST(call) check(#call, CKR_OK, call)
#define REFUSED(code, call) check(#call, code, call)
#define HOLDS(what) ((what) ? (void)0 : fail("line %d: not %s", __LINE__, #what))

/* --- The readers and their cards */

typedef size_t (*control)(const char *line, char *answer, size_t room);

/* Says a line to the library with the cards, and gives what it answers. */
static const char *tell(const char *line)
{
	static char answer[65536];
	control fake_control = (control)symbol(loaded(PCSC), "fake_control");
	HOLDS(fake_control != NULL);
	HOLDS(fake_control(line, answer, sizeof answer) < sizeof answer);
	if (strncmp(answer, "ok ", 3) != 0)
		fail("%s: %s", line, answer);
	return answer + 3;
}

#define FINEID "fineid-v3.0,state=activated,pin1=270519,pin2=190527"

/* --- Slots */

static CK_ULONG slots(CK_BBOOL with_token, CK_SLOT_ID *found)
{
	CK_ULONG count = 0;
	/* New readers are there only after a question without room for the answer. */
	MUST(p11->C_GetSlotList(with_token, NULL, &count));
	count = 16;
	MUST(p11->C_GetSlotList(with_token, found, &count));
	return count;
}

static int is_called(const CK_UTF8CHAR *field, size_t length, const char *name)
{
	size_t named = strlen(name);
	if (named > length || memcmp(field, name, named) != 0)
		return 0;
	for (size_t at = named; at < length; at++)
		if (field[at] != ' ')
			return 0;
	return 1;
}

/* The slot of the token that is called so. */
static CK_SLOT_ID slot_of(const char *label)
{
	CK_SLOT_ID all[16];
	CK_ULONG count = slots(CK_TRUE, all);
	for (CK_ULONG at = 0; at < count; at++) {
		CK_TOKEN_INFO token;
		MUST(p11->C_GetTokenInfo(all[at], &token));
		if (is_called(token.label, sizeof token.label, label))
			return all[at];
	}
	fail("no token %s", label);
	return 0;
}

static CK_SESSION_HANDLE session_of(const char *label)
{
	CK_SESSION_HANDLE session;
	MUST(p11->C_OpenSession(slot_of(label), CKF_SERIAL_SESSION, NULL, NULL, &session));
	return session;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin)
{
	return p11->C_Login(session, user, pin, (CK_ULONG)strlen((char *)pin));
}

/* The first object of a class. */
static CK_OBJECT_HANDLE first(CK_SESSION_HANDLE session, CK_OBJECT_CLASS kind)
{
	CK_ATTRIBUTE wanted = { CKA_CLASS, &kind, sizeof kind };
	CK_OBJECT_HANDLE found = 0;
	CK_ULONG count = 0;
	MUST(p11->C_FindObjectsInit(session, &wanted, 1));
	MUST(p11->C_FindObjects(session, &found, 1, &count));
	MUST(p11->C_FindObjectsFinal(session));
	HOLDS(count == 1);
	return found;
}

/* --- Signatures, which OpenSSL verifies afterwards */

static void keep(const char *name, const void *bytes, CK_ULONG length)
{
	FILE *file = fopen(name, "wb");
	if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
		fail("%s cannot be written", name);
}

static CK_BYTE contract[] = "A contract";
static CK_MECHANISM rsa = { CKM_SHA256_RSA_PKCS, NULL, 0 };

/* Signs the contract with the session's first key, and leaves signature, certificate and contract in files. */
static CK_ULONG sign(CK_SESSION_HANDLE session, CK_UTF8CHAR *again, CK_BYTE *signature)
{
	CK_ULONG length = 1024;
	CK_BYTE certificate[4096];
	CK_ATTRIBUTE value = { CKA_VALUE, certificate, sizeof certificate };
	MUST(p11->C_SignInit(session, &rsa, first(session, CKO_PRIVATE_KEY)));
	if (again != NULL)
		MUST(login(session, CKU_CONTEXT_SPECIFIC, again));
	MUST(p11->C_Sign(session, contract, sizeof contract, signature, &length));
	MUST(p11->C_GetAttributeValue(session, first(session, CKO_CERTIFICATE), &value, 1));
	keep("data", contract, sizeof contract);
	keep("signature", signature, length);
	keep("certificate", certificate, value.ulValueLen);
	return length;
}

/* --- The tests */

static void lists_tokens(void)
{
	static const char *const labels[] = { "FINEID (PIN1)", "FINEID (PIN2)", "LatEID (PIN1)", "LatEID (PIN2)" };
	CK_SLOT_ID all[16];
	HOLDS(slots(CK_TRUE, all) == 4);
	for (size_t at = 0; at < 4; at++) {
		CK_SLOT_INFO slot;
		MUST(p11->C_GetSlotInfo(slot_of(labels[at]), &slot));
		HOLDS((slot.flags & CKF_TOKEN_PRESENT) != 0);
	}
	CK_INFO info;
	MUST(p11->C_GetInfo(&info));
	HOLDS(is_called(info.manufacturerID, sizeof info.manufacturerID, "Avain"));
}

static void logs_in(void)
{
	CK_SESSION_HANDLE session = session_of("FINEID (PIN1)");
	CK_SESSION_INFO info;
	REFUSED(CKR_PIN_INCORRECT, login(session, CKU_USER, (CK_UTF8CHAR *)"999999"));
	MUST(login(session, CKU_USER, pin1));
	MUST(p11->C_GetSessionInfo(session, &info));
	HOLDS(info.state == CKS_RO_USER_FUNCTIONS);
	MUST(p11->C_Logout(session));
	MUST(p11->C_GetSessionInfo(session, &info));
	HOLDS(info.state == CKS_RO_PUBLIC_SESSION);
}

static void signs_and_verifies(void)
{
	CK_SESSION_HANDLE session = session_of("FINEID (PIN1)");
	CK_BYTE signature[1024];
	MUST(login(session, CKU_USER, pin1));
	CK_ULONG length = sign(session, NULL, signature);
	CK_OBJECT_HANDLE key = first(session, CKO_PUBLIC_KEY);
	MUST(p11->C_VerifyInit(session, &rsa, key));
	MUST(p11->C_Verify(session, contract, sizeof contract, signature, length));
	signature[20] ^= 1;
	MUST(p11->C_VerifyInit(session, &rsa, key));
	REFUSED(CKR_SIGNATURE_INVALID, p11->C_Verify(session, contract, sizeof contract, signature, length));
}

static void signs_with_pin2(void)
{
	CK_SESSION_HANDLE session = session_of("FINEID (PIN2)");
	CK_BYTE signature[1024];
	CK_ULONG length = sizeof signature;
	MUST(login(session, CKU_USER, pin2));
	sign(session, NULL, signature);
	/* Each further signature wants PIN2 again. */
	MUST(p11->C_SignInit(session, &rsa, first(session, CKO_PRIVATE_KEY)));
	REFUSED(CKR_USER_NOT_LOGGED_IN, p11->C_Sign(session, contract, sizeof contract, signature, &length));
	sign(session, pin2, signature);
}

static void logs_in_by_a_keypad(void)
{
	CK_TOKEN_INFO token;
	CK_BYTE signature[1024];
	tell("insert 0 " FINEID ",keypad=full");
	MUST(p11->C_GetTokenInfo(slot_of("FINEID (PIN1)"), &token));
	HOLDS((token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0);
	CK_SESSION_HANDLE session = session_of("FINEID (PIN1)");
	MUST(p11->C_Login(session, CKU_USER, NULL, 0));
	sign(session, NULL, signature);
}

/* None of these reads a byte behind what it was given, and no PIN is sent. */
static void refuses_endless_lengths(void)
{
	CK_SESSION_HANDLE session = session_of("FINEID (PIN1)");
	CK_MECHANISM digest = { CKM_SHA256, NULL, 0 }, endless = { CKM_SHA256, contract, ENDLESS };
	CK_OBJECT_CLASS kind = CKO_CERTIFICATE;
	CK_ATTRIBUTE wanted = { CKA_CLASS, &kind, ENDLESS };
	CK_BYTE place[1024];
	CK_ULONG length = sizeof place;
	REFUSED(CKR_ARGUMENTS_BAD, p11->C_Login(session, CKU_USER, pin1, ENDLESS));
	REFUSED(CKR_ARGUMENTS_BAD, p11->C_GenerateRandom(session, place, ENDLESS));
	REFUSED(CKR_ARGUMENTS_BAD, p11->C_FindObjectsInit(session, &wanted, ENDLESS));
	HOLDS(p11->C_FindObjectsInit(session, &wanted, 1) != CKR_OK);
	HOLDS(p11->C_DigestInit(session, &endless) != CKR_OK);
	MUST(p11->C_DigestInit(session, &digest));
	REFUSED(CKR_ARGUMENTS_BAD, p11->C_Digest(session, contract, ENDLESS, place, &length));
	MUST(login(session, CKU_USER, pin1));
	MUST(p11->C_SignInit(session, &rsa, first(session, CKO_PRIVATE_KEY)));
	REFUSED(CKR_ARGUMENTS_BAD, p11->C_Sign(session, contract, ENDLESS, place, &length));
	HOLDS(strcmp(tell("credentials"), "00200011") == 0);
}

static CK_SLOT_ID woken;

static void *wait_for_event(void *unused)
{
	(void)unused;
	MUST(p11->C_WaitForSlotEvent(0, &woken, NULL));
	return NULL;
}

/* Does something as soon as a call of C_WaitForSlotEvent rests, upon which the call ends. One that asks again and again
 * never rests. Whoever started this program ends it where that does not happen. */
static void wait_until(const char *happens)
{
	static const struct timespec moment = { 0, 1000000 };
	pthread_t waiting;
	while (p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &woken, NULL) == CKR_OK)
		;
	HOLDS(pthread_create(&waiting, NULL, wait_for_event, NULL) == 0);
	while (strcmp(tell("waiting"), "0") == 0)
		nanosleep(&moment, NULL);
	tell(happens);
	HOLDS(pthread_join(waiting, NULL) == 0);
}

static void waits_for_cards_and_readers(void)
{
	CK_SLOT_ID all[16];
	CK_SLOT_INFO slot;
	wait_until("happen 1 removed");
	HOLDS(slots(CK_TRUE, all) == 2);
	wait_until("insert 1 latvia-ec");
	HOLDS(slots(CK_TRUE, all) == 4);
	MUST(p11->C_GetSlotInfo(woken, &slot));
	/* While a card is in use, which ends each wait of Windows that does not know it. */
	MUST(login(session_of("FINEID (PIN1)"), CKU_USER, pin1));
	wait_until("insert 2 " FINEID);
	HOLDS(slots(CK_TRUE, all) == 6);
}

static void notices_a_swapped_card(void)
{
	CK_SESSION_HANDLE session = session_of("FINEID (PIN1)");
	CK_SESSION_INFO info;
	CK_TOKEN_INFO one, other;
	MUST(login(session, CKU_USER, pin1));
	MUST(p11->C_GetTokenInfo(slot_of("FINEID (PIN1)"), &one));
	tell("happen 0 swapped");
	REFUSED(CKR_SESSION_HANDLE_INVALID, p11->C_GetSessionInfo(session, &info));
	MUST(p11->C_GetTokenInfo(slot_of("FINEID (PIN1)"), &other));
	HOLDS(memcmp(one.serialNumber, other.serialNumber, sizeof one.serialNumber) != 0);
	session = session_of("FINEID (PIN1)");
	MUST(p11->C_GetSessionInfo(session, &info));
	HOLDS(info.state == CKS_RO_PUBLIC_SESSION);
}

/* The service of Windows ends with the last reader, and is there again with the next. */
static void outlives_the_service(void)
{
	CK_SLOT_ID all[16], slot = slot_of("FINEID (PIN1)");
	CK_SESSION_HANDLE session;
	CK_BYTE signature[1024];
	tell("happen 0 vanished");
	tell("happen 1 vanished");
	REFUSED(CKR_TOKEN_NOT_PRESENT, p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session));
	HOLDS(slots(CK_TRUE, all) == 0);
	tell("insert 0 " FINEID);
	session = session_of("FINEID (PIN1)");
	MUST(login(session, CKU_USER, pin1));
	sign(session, NULL, signature);
}

/* PC/SC of Windows has them in the code page of the computer, where this letter is one byte. */
static void names_readers_in_utf8(void)
{
	static const char name[] = "Lukij\xC3\xA4 00 00";
	CK_SLOT_ID all[16];
	CK_SLOT_INFO slot;
	tell("name 0 Lukij\xC3\xA4 00 00");
	session_of("FINEID (PIN1)");
	for (CK_ULONG at = 0, count = slots(CK_TRUE, all); at < count; at++) {
		MUST(p11->C_GetSlotInfo(all[at], &slot));
		if (memcmp(slot.slotDescription, name, sizeof name - 1) == 0)
			return;
	}
	fail("no slot of the reader %s", name);
}

/* A thread may still be in it. */
static void stays_when_it_is_unloaded(void)
{
	MUST(p11->C_Finalize(NULL));
	for (int time = 0; time < 5; time++)
		unload(module);
	HOLDS(loaded(MODULE) == module);
	MUST(p11->C_Initialize(NULL));
}

/* From the list of tokens to a signature. Gives the first code that is not CKR_OK. */
static CK_RV use(void)
{
	CK_SLOT_ID all[16];
	CK_TOKEN_INFO token;
	CK_SESSION_HANDLE session;
	CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE wanted = { CKA_CLASS, &kind, sizeof kind };
	CK_OBJECT_HANDLE key;
	CK_BYTE signature[1024];
	CK_ULONG count = 16, found = 0, length = sizeof signature;
	CK_RV rv = p11->C_GetSlotList(CK_TRUE, all, &count);
	for (CK_ULONG at = 0; rv == CKR_OK && at < count; at++) {
		rv = p11->C_GetTokenInfo(all[at], &token);
		if (rv != CKR_OK || !is_called(token.label, sizeof token.label, "FINEID (PIN1)"))
			continue;
		if ((rv = p11->C_OpenSession(all[at], CKF_SERIAL_SESSION, NULL, NULL, &session)) != CKR_OK)
			return rv;
		if ((rv = login(session, CKU_USER, pin1)) != CKR_OK)
			return rv;
		if ((rv = p11->C_FindObjectsInit(session, &wanted, 1)) != CKR_OK)
			return rv;
		if ((rv = p11->C_FindObjects(session, &key, 1, &found)) != CKR_OK)
			return rv;
		HOLDS(found == 1);
		if ((rv = p11->C_SignInit(session, &rsa, key)) != CKR_OK)
			return rv;
		return p11->C_Sign(session, contract, sizeof contract, signature, &length);
	}
	return rv == CKR_OK ? CKR_TOKEN_NOT_PRESENT : rv;
}

/* What a call may say that something happened to. None of them says anything wrong of the PIN. */
static int is_permitted(CK_RV rv)
{
	static const CK_RV permitted[] = { CKR_OK, CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT,
		CKR_TOKEN_NOT_RECOGNIZED, CKR_SESSION_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN };
	for (size_t at = 0; at < sizeof permitted / sizeof permitted[0]; at++)
		if (rv == permitted[at])
			return 1;
	return 0;
}

/* One fault at one call of a use; it costs no try, and the next use succeeds. Is there such a call? */
static int survives(const char *call, int number, const char *fault)
{
	char line[128];
	MUST(p11->C_CloseAllSessions(slot_of("FINEID (PIN1)")));
	tell("clear");
	snprintf(line, sizeof line, "fault %s %d %s 0", call, number, fault);
	tell(line);
	CK_RV rv = use();
	int played = strcmp(tell("played"), "") != 0;
	if (!is_permitted(rv) || (!played && rv != CKR_OK))
		fail("%s: 0x%lx", line, (unsigned long)rv);
	tell("clear");
	tell("restore");
	/* The sessions of a card that is still there: a session that is logged in would make the next use easy. */
	MUST(p11->C_CloseAllSessions(slot_of("FINEID (PIN1)")));
	if ((rv = use()) != CKR_OK)
		fail("after %s: 0x%lx", line, (unsigned long)rv);
	if (strstr(tell("pins 0"), "11:5:") == NULL)
		fail("%s costs a try: %s", line, tell("pins 0"));
	return played;
}

static void survives_every_fault(void)
{
	static const char *const calls[] = { "EstablishContext", "ListReaders", "GetStatusChange", "Connect", "Reconnect", "Status",
		"BeginTransaction", "Transmit", "EndTransaction", "Disconnect" };
	static const char *const faults[] = { "reset", "removed", "reinserted", "service", "restarted", "vanished",
		"comm", "mute", "unpowered", "comm-after", "removed-after", "reset-after" };
	int survived = 0;
	tell("repeat");
	for (size_t call = 0; call < sizeof calls / sizeof calls[0]; call++)
		for (size_t fault = 0; fault < sizeof faults / sizeof faults[0]; fault++)
			for (int number = 1; survives(calls[call], number, faults[fault]); number++)
				survived++;
	printf("%d faults\n", survived);
	HOLDS(survived > 250);
}

#define TEST(name) { #name, name }
static const struct { const char *name; void (*run)(void); } tests[] = {
	TEST(lists_tokens), TEST(logs_in), TEST(signs_and_verifies), TEST(signs_with_pin2), TEST(logs_in_by_a_keypad),
	TEST(refuses_endless_lengths),
	TEST(waits_for_cards_and_readers), TEST(notices_a_swapped_card), TEST(outlives_the_service), TEST(names_readers_in_utf8),
	TEST(stays_when_it_is_unloaded), TEST(survives_every_fault),
};

static void run(void (*test)(void))
{
	module = load(MODULE);
	HOLDS(module != NULL);
	CK_C_GetFunctionList list = (CK_C_GetFunctionList)symbol(module, "C_GetFunctionList");
	HOLDS(list != NULL);
	MUST(list(&p11));
	MUST(p11->C_Initialize(NULL));
	test();
	MUST(p11->C_Finalize(NULL));
}

int main(int argc, char **argv)
{
	size_t count = sizeof tests / sizeof tests[0];
	if (argc == 1) {
		for (size_t at = 0; at < count; at++)
			puts(tests[at].name);
		return 0;
	}
	HOLDS(argc == 4);
	pin1 = (CK_UTF8CHAR *)argv[2];
	pin2 = (CK_UTF8CHAR *)argv[3];
	for (size_t at = 0; at < count; at++)
		if (strcmp(tests[at].name, argv[1]) == 0) {
			run(tests[at].run);
			return 0;
		}
	fail("no test %s", argv[1]);
}
