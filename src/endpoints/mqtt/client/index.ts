export { MqttClient, type MqttSubscription } from './client.ts';
export { brokerAddress } from './address.ts';
export { Outgoing, type OnDone } from './outgoing.ts';
export type { PublishOptions } from './outbox.ts';
export type { Announcement, Authentication, MqttClientSettings } from './settings.ts';
export type { OnHeld, OnMessage, SubscribeOptions } from './subscriptions.ts';
