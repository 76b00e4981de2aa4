export { MqttClient, type MqttSubscription } from './client.ts';
export { Outgoing } from './outgoing.ts';
export type { PublishOptions } from './outbox.ts';
export type { Announcement, MqttClientSettings } from './settings.ts';
export type { OnHeld, SubscribeOptions } from './subscriptions.ts';
