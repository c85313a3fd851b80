// Credits the straightforward way: daily credits, free before paid, an optimistic lock on a version column, an idempotency key, history and
// two entries in one database transaction.
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, integer, jsonb, pgSchema, primaryKey, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";

const TRIES_MAX = 10;
const PAUSE_MILLISECONDS_MAX = 4;

const schema = pgSchema("credits");
const amount = (name) => bigint(name, { mode: "number" });
const instant = (name) => timestamp(name, { withTimezone: true });

const balances = schema.table("balances", {
  userId: text("user_id").primaryKey(),
  balance: amount("balance").notNull(),
  free: amount("free_credits_remaining").notNull(),
  daily: amount("daily_free_credits").notNull(),
  lastReset: instant("last_daily_reset_at").notNull(),
  earned: amount("total_earned").notNull(),
  spent: amount("total_spent").notNull(),
  version: integer("version").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

const transactions = schema.table("transactions", {
  id: uuid("id").primaryKey().defaultRandom(),
  userId: text("user_id").notNull(),
  type: text("type").notNull(),
  status: text("status").notNull(),
  amount: amount("amount").notNull(),
  before: amount("balance_before").notNull(),
  after: amount("balance_after").notNull(),
  appId: text("app_id").notNull(),
  description: text("description").notNull(),
  metadata: jsonb("metadata"),
  idempotencyKey: text("idempotency_key").unique(),
  createdAt: instant("created_at").notNull().defaultNow(),
  completedAt: instant("completed_at"),
});

const entries = schema.table(
  "entries",
  {
    transactionId: uuid("transaction_id").notNull(),
    side: smallint("side").notNull(),
    account: text("account").notNull(),
    amount: amount("amount").notNull(),
  },
  (row) => [primaryKey({ columns: [row.transactionId, row.side] })],
);

class Conflict extends Error {}

export function credits(pool) {
  const db = drizzle(pool);
  const view = (row) => ({
    balance: row.balance,
    freeCreditsRemaining: row.free,
    totalEarned: row.earned,
    totalSpent: row.spent,
  });

  async function account(userId) {
    const find = () => db.select().from(balances).where(eq(balances.userId, userId)).limit(1);
    const [found] = await find();
    if (found) return found;
    await pool.query("insert into credits.balances (user_id) values ($1) on conflict do nothing", [userId]);
    return (await find())[0];
  }

  const attempt = (userId, wish) =>
    db.transaction(async (tx) => {
      const [row] = await tx.select().from(balances).where(eq(balances.userId, userId)).limit(1);
      if (!row) return { status: 404, body: { message: "No balance" } };
      const now = new Date();
      const isNewDay = now.toDateString() !== row.lastReset.toDateString();
      const free = isNewDay ? row.free + row.daily : row.free;
      if (free + row.balance < wish.amount) return { status: 400, body: { message: "Insufficient credits" } };
      const fromFree = Math.min(free, wish.amount);
      const fromPaid = wish.amount - fromFree;
      const changed = await tx
        .update(balances)
        .set({
          free: free - fromFree,
          balance: row.balance - fromPaid,
          spent: row.spent + wish.amount,
          version: row.version + 1,
          updatedAt: now,
          lastReset: isNewDay ? now : row.lastReset,
        })
        .where(and(eq(balances.userId, userId), eq(balances.version, row.version)))
        .returning();
      if (changed.length === 0) throw new Conflict();
      const [transaction] = await tx
        .insert(transactions)
        .values({
          userId,
          type: "usage",
          status: "completed",
          amount: -wish.amount,
          before: row.balance + free,
          after: row.balance + free - wish.amount,
          appId: wish.appId,
          description: wish.description,
          metadata: wish.metadata,
          idempotencyKey: wish.idempotencyKey,
          completedAt: now,
        })
        .returning();
      await tx.insert(entries).values([
        { transactionId: transaction.id, side: 0, account: userId, amount: -wish.amount },
        { transactionId: transaction.id, side: 1, account: `revenue/${wish.appId}`, amount: wish.amount },
      ]);
      return { status: 200, body: { success: true, transaction, newBalance: view(changed[0]) } };
    });

  return {
    balance: async (userId) => view(await account(userId)),

    async use(userId, wish) {
      if (!Number.isInteger(wish.amount) || wish.amount <= 0 || !wish.appId || !wish.description) {
        return { status: 400, body: { message: "Bad request" } };
      }
      if (wish.idempotencyKey) {
        const earlier = db.select().from(transactions).where(eq(transactions.idempotencyKey, wish.idempotencyKey)).limit(1);
        const [transaction] = await earlier;
        if (transaction) return { status: 200, body: { success: true, transaction, message: "Transaction already processed" } };
      }
      for (let tries = 1; tries <= TRIES_MAX; tries++) {
        try {
          return await attempt(userId, wish);
        } catch (error) {
          if (!(error instanceof Conflict)) throw error;
          await new Promise((wake) => setTimeout(wake, Math.random() * PAUSE_MILLISECONDS_MAX * tries));
        }
      }
      return { status: 409, body: { message: "Balance was changed concurrently" } };
    },
  };
}
