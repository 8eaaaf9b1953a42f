// resource; survivors alive; threads that each fork
#include <pthread.h>
#include <unistd.h>
static void *body(void *p) { for (;;) { fork(); pause(); } return p; }
int main(void) { for (;;) { pthread_t t; pthread_create(&t, 0, body, 0); } }
