import {
  Injectable,
  Logger,
  type ArgumentMetadata,
  type CanActivate,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { GUARDS_METADATA, PIPES_METADATA } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ExecutionContextHost, type InstanceWrapper } from '@nestjs/core/internal';
import type { OnGatewayConnection, OnGatewayDisconnect } from '@nestjs/websockets';
import { GATEWAY_METADATA, MESSAGE_METADATA } from '@nestjs/websockets/internal';
import { firstValueFrom, isObservable } from 'rxjs';
import type { CLIENT_MESSAGES, ServerFrame } from '../protocol/index.js';
import { REQUEST_ID, type ClientMessage } from '../protocol/requests.js';
import type { Connection, Departure } from './connection.js';
import { LIGHT_FRAME_COST, frameCostOf } from './frame-cost.decorator.js';
import { InvalidFormatError, Refusal } from './protocol-error.js';
import { isOfProtocol2 } from './protocol2.decorator.js';
import { ProtocolExceptionFilter } from './protocol-exception.filter.js';
import { RateLimiter } from './rate-limiter.js';
import { Traffic } from './traffic.js';

type Reply = ServerFrame | undefined;

/** The one frame that says nothing of its sender but that it is there. */
const SIGN_OF_LIFE: keyof typeof CLIENT_MESSAGES = 'pong';

/** What is known before the first frame about the frames of one `type`. */
interface Route {
  readonly gateway: Type;
  readonly method: (connection: Connection, message: ClientMessage) => Reply | Promise<Reply>;
  readonly pipes: readonly PipeTransform[];
  readonly parameter: ArgumentMetadata;
  readonly guards: readonly CanActivate[];
  readonly cost: number;
}

/**
 * Brings each frame to the gateway method that names its `type`: parsed once, then through the gateway's pipes, the rate
 * limit and the gateway's guards into the method, whose result is the reply.
 *
 * It stands in for Nest's own dispatch, which looks guards and pipes up by promise and stream for every frame,
 * answers one client's frames out of order and is silent on bad ones. Guards and pipes are found the way Nest finds
 * them (`@UseGuards`, `@UsePipes`, on class or method), but once, at the start. Pipes come before guards: a
 * malformed frame is told so whoever sends it (AUTH-4). A gateway method takes `(connection, message)`.
 */
@Injectable()
export class MessageRouter {
  private readonly logger = new Logger(MessageRouter.name);
  private readonly routes = new Map<unknown, Route>();
  /** Of connections that speak protocol 2. */
  private readonly routes2 = new Map<unknown, Route>();
  private readonly onConnect: OnGatewayConnection<Connection>[] = [];
  private readonly onDisconnect: OnGatewayDisconnect<Connection>[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly filter: ProtocolExceptionFilter,
    private readonly limiter: RateLimiter,
    private readonly traffic: Traffic,
  ) {}

  /** Every `type` that some gateway handles. */
  get types(): string[] {
    return [...this.routes2.keys()] as string[];
  }

  /** Finds every gateway of the application. Called once, when all of them exist. */
  bindGateways(): void {
    for (const wrapper of this.discovery.getProviders()) {
      const { metatype } = wrapper;
      if (!metatype || !wrapper.instance || !Reflect.getMetadata(GATEWAY_METADATA, metatype)) continue;
      this.bindGateway(wrapper, metatype as Type);
    }
    for (const [type, route] of this.routes) if (!this.routes2.has(type)) this.routes2.set(type, route);
  }

  connected(connection: Connection): void {
    for (const gateway of this.onConnect) this.contain(() => gateway.handleConnection(connection) as unknown);
  }

  disconnected(connection: Connection, departure: Departure): void {
    for (const gateway of this.onDisconnect) {
      this.contain(() => gateway.handleDisconnect(connection, departure) as unknown);
    }
  }

  /**
   * Handles one frame to its end; never throws, never rejects.
   *
   * @param text null for a binary frame
   * @returns a promise only where the handler needs time
   */
  dispatch(connection: Connection, text: string | null): Promise<void> | undefined {
    if (!connection.isServed) return undefined;
    this.traffic.framesIn += 1;
    let context: ExecutionContextHost | undefined;
    let requestId: string | undefined;
    try {
      const frame = parseFrame(text);
      const isV1 = connection.protocol === 1;
      const route = frame && (isV1 ? this.routes : this.routes2).get(frame['type']);
      const given = frame?.['requestId'];
      // Also on a v1 connection: this frame may be the `auth` that ends that.
      if (given !== undefined) requestId = asRequestId(given);
      const message = route && shape(route, frame, isV1 || given === requestId);
      const now = performance.now();
      if (frame?.['type'] !== SIGN_OF_LIFE) connection.activeAt = now;
      this.limiter.admit(connection, route?.cost ?? 1, now, messageIdOf(message));
      if (!message) throw this.invalid();
      if (requestId !== undefined && !isV1) message.requestId = requestId;
      context = new ExecutionContextHost([connection, message, requestId], route.gateway, route.method);
      context.setType('ws');
      const passed = checkGuards(route.guards, context);
      const reply = passed === true ? route.method(connection, message) : this.afterGuards(passed, route, context);
      if (reply instanceof Promise) return this.settle(connection, reply, context);
      if (reply) connection.answer(reply, requestId);
    } catch (error) {
      this.filter.catch(error, context ?? new ExecutionContextHost([connection, undefined, requestId]));
    }
    return undefined;
  }

  /**
   * Counts a native ping or pong of the client. They take tokens as frames do, and answers to pings wait with all
   * others for the client to read: else a flood of them would fill the memory (LIMIT-1, LIMIT-3).
   *
   * @returns whether it is within the limit
   */
  admitControlFrame(connection: Connection): boolean {
    if (!connection.isServed) return false;
    try {
      this.limiter.admit(connection, LIGHT_FRAME_COST, performance.now());
      return true;
    } catch (error) {
      this.filter.reply(connection, error);
      return false;
    }
  }

  private async settle(connection: Connection, reply: Promise<Reply>, context: ExecutionContextHost): Promise<void> {
    connection.unsettled += 1;
    try {
      const frame = await reply;
      if (frame) connection.answer(frame, context.getArgByIndex<string | undefined>(2));
    } catch (error) {
      this.filter.catch(error, context);
    } finally {
      connection.unsettled -= 1;
    }
  }

  private async afterGuards(passed: Promise<boolean>, route: Route, context: ExecutionContextHost): Promise<Reply> {
    if (!(await passed)) throw new Refusal('forbidden');
    const [connection, message] = context.getArgs<[Connection, object]>();
    return route.method(connection, message);
  }

  private invalid(): InvalidFormatError {
    this.traffic.invalidFrames += 1;
    return new InvalidFormatError();
  }

  /** A gateway's lifecycle hook that fails harms nobody (CONN-4). */
  private contain(hook: () => unknown): void {
    try {
      const result = hook();
      if (result instanceof Promise) result.catch((error: unknown) => this.logger.error(error));
    } catch (error) {
      this.logger.error(error);
    }
  }

  private bindGateway(wrapper: InstanceWrapper, gateway: Type): void {
    const instance = wrapper.instance as Partial<OnGatewayConnection & OnGatewayDisconnect> & Record<string, unknown>;
    if (instance.handleConnection) this.onConnect.push(instance as OnGatewayConnection<Connection>);
    if (instance.handleDisconnect) this.onDisconnect.push(instance as OnGatewayDisconnect<Connection>);
    const prototype = Object.getPrototypeOf(instance) as object;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const method = instance[name] as Route['method'];
      const type: unknown = Reflect.getMetadata(MESSAGE_METADATA, method);
      if (typeof type !== 'string') continue;
      const routes = isOfProtocol2(method) ? this.routes2 : this.routes;
      if (routes.has(type))
        throw new Error(`Two gateway methods handle "${type}"; the second is ${gateway.name}.${name}`);
      const parameters = (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as Type[];
      routes.set(type, {
        gateway,
        method: method.bind(instance),
        pipes: enhancers<PipeTransform>(PIPES_METADATA, wrapper, gateway, method),
        guards: enhancers<CanActivate>(GUARDS_METADATA, wrapper, gateway, method),
        parameter: { type: 'body', metatype: parameters[1] ?? Object },
        cost: frameCostOf(method),
      });
    }
  }
}

/** The frame as an object, or undefined where it is none. */
function parseFrame(text: string | null): Record<string, unknown> | undefined {
  if (text === null) return undefined;
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && !Array.isArray(frame)
      ? (frame as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The frame as the message of its route, or undefined where it has not that shape.
 *
 * @param isWellNamed whether its `requestId` will do (V2-2)
 */
function shape(route: Route, frame: Record<string, unknown>, isWellNamed: boolean): ClientMessage | undefined {
  if (!isWellNamed) return undefined;
  try {
    let message: unknown = frame;
    for (const pipe of route.pipes) message = pipe.transform(message, route.parameter);
    return message as ClientMessage;
  } catch (error) {
    if (error instanceof InvalidFormatError) return undefined;
    throw error;
  }
}

function asRequestId(given: unknown): string | undefined {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : undefined;
}

function messageIdOf(message: (ClientMessage & { messageId?: unknown }) | undefined): string | undefined {
  return typeof message?.messageId === 'string' ? message.messageId : undefined;
}

/** True when all pass at once; a promise when one of them needs time. */
function checkGuards(guards: readonly CanActivate[], context: ExecutionContextHost): true | Promise<boolean> {
  for (const guard of guards) {
    const passed = guard.canActivate(context);
    if (passed === true) continue;
    const rest = guards.slice(guards.indexOf(guard) + 1);
    const answer = isObservable(passed) ? firstValueFrom(passed) : Promise.resolve(passed);
    return answer.then((ok) => ok && checkGuards(rest, context));
  }
  return true;
}

/** The instances of a handler's guards or pipes: the class's, then the method's. */
function enhancers<T extends object>(key: string, wrapper: InstanceWrapper, gateway: Type, method: object): T[] {
  const declared = [gateway, method].flatMap((target) => (Reflect.getMetadata(key, target) ?? []) as (T | Type<T>)[]);
  return declared.map((enhancer) => {
    if (typeof enhancer !== 'function') return enhancer;
    const instance: unknown = wrapper.host?.injectables.get(enhancer)?.instance;
    if (!instance) throw new Error(`${gateway.name} uses ${enhancer.name}, of which there is no instance`);
    return instance as T;
  });
}
