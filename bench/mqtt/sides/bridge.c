/* in -> out with libmosquitto: what it publishes is what it was given. bridge <port> <qos> [ca file] */
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LONGEST_WAIT_MS 10

static int qos;

static void on_connect(struct mosquitto *client, void *context, int code) {
  (void)context;
  if (code == 0) mosquitto_subscribe(client, NULL, "bench/in", qos);
}

static void on_message(struct mosquitto *client, void *context, const struct mosquitto_message *message) {
  (void)context;
  mosquitto_publish(client, NULL, "bench/out", message->payloadlen, message->payload, qos, false);
}

/* Ends when the load does, however that ended. */
static void on_disconnect(struct mosquitto *client, void *context, int code) {
  (void)client;
  (void)context;
  (void)code;
  exit(0);
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  qos = atoi(arguments[2]);
  mosquitto_lib_init();
  struct mosquitto *client = mosquitto_new(NULL, true, NULL);
  if (client == NULL) return 1;
  mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_max_inflight_messages_set(client, 0);
  if (count > 3 && mosquitto_tls_set(client, arguments[3], NULL, NULL, NULL, NULL) != MOSQ_ERR_SUCCESS) return 1;
  mosquitto_connect_callback_set(client, on_connect);
  mosquitto_message_callback_set(client, on_message);
  mosquitto_disconnect_callback_set(client, on_disconnect);
  if (mosquitto_connect(client, "127.0.0.1", atoi(arguments[1]), 60) != MOSQ_ERR_SUCCESS) return 1;
  /*
   * As mosquitto_loop_forever, but after a wait in vain it looks for what TLS holds: the library waits for the socket while
   * the last messages lie decrypted beside it, or are not yet encrypted.
   */
  for (;;) {
    double before = now_ms();
    if (mosquitto_loop(client, LONGEST_WAIT_MS, 1) != MOSQ_ERR_SUCCESS) return 0;
    if (now_ms() - before < LONGEST_WAIT_MS) continue;
    mosquitto_loop_read(client, 1);
    mosquitto_loop_write(client, 1);
  }
}
