import { calcPrice } from '@pydantic/genai-prices'

/** Micro-dollars, and how they are known: no provider bills a single call, so a price table estimates it or nothing does. */
export type Cost = { micro_usd: number | null; kind: 'estimated' | 'unpriced' }

/** What a call cost by the price table that came with the release; null where it knows no price. Nothing is fetched. */
export function priceOf(model: string, usage: { input_tokens: number; output_tokens: number }): Cost {
  const price = calcPrice(usage, model, { providerId: 'anthropic' })
  return price ? { micro_usd: Math.round(price.total_price * 1_000_000), kind: 'estimated' } : { micro_usd: null, kind: 'unpriced' }
}
